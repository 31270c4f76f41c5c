// Shows openapi.json by Swagger UI.
"use strict";

const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true, // the address names the operation that is open
  filter: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null, // it would send the document to another host
  onComplete: () => {
    const info = ui.specSelectors.info();
    document.title = `${info.get("title")} ${info.get("version")}`;
  },
});

// Light or dark, as the rest of the desktop.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
