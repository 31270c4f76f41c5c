package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What users of other servers' pages have reported, tried on this one. */
@ExtendWith(VertxExtension.class)
class ConsoleReportsTest {
    private static final HasTextOptions SOON = new HasTextOptions().setTimeout(60_000);

    private static Chromium chromium;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @Test
    void worksBelowAPathOfAProxyAndSurvivesIts502(Vertx vertx) throws Exception {
        var proxy = PrefixProxy.start(vertx, server.port());
        try (var visit = chromium.visit(proxy.url())) {
            var page = visit.at("models/iris").page();
            page.getByText("Predict", new Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator(".answer")).containsText("label");
            assertThat(page.locator(".state")).hasText("live");
            assertThat(visit.faults()).isEmpty();

            page.route(
                    "**/console/stream",
                    route -> route.fulfill(
                            new Route.FulfillOptions().setStatus(502).setContentType("text/html")));
            page.reload();
            assertThat(page.locator(".state")).hasText("server went away, reconnecting");
            page.unroute("**/console/stream");
            assertThat(page.locator(".state")).hasText("live", SOON);
        }
    }

    @Test
    void keepsAllDigitsOfAnId() throws Exception {
        server.post("/predict/wine", "{\"item_id\": 9007199254740993}");
        try (var visit = chromium.visit(server.server().url().orElseThrow() + "/")) {
            var page = visit.at("log").page();
            assertThat(page.locator(".records")).containsText("9007199254740993");
            page.locator(".records a").first().click();
            assertThat(page.locator("article.record dl").first()).containsText("9007199254740993");
        }
    }

    @Test
    void tellsAgesByTheServersClock() throws Exception {
        server.post("/predict/wine", "{\"item_id\": 43}");
        try (var visit = chromium.prepare(server.server().url().orElseThrow() + "/")) {
            visit.page().addInitScript("const now = Date.now; Date.now = () => now() - 3600000");
            var page = visit.at("log").page();
            assertThat(page.locator(".state")).hasText("live");
            assertThat(page.locator(".records td .small").first())
                    .hasText(Pattern.compile("([1-9]|\\d\\d) s ago"), SOON);
        }
    }

    @Test
    void quotesTheCommandForTheShell() throws Exception {
        try (var visit = chromium.visit(server.server().url().orElseThrow() + "/")) {
            var page = visit.at("models/pipeline%2Fwine").page();
            page.locator(".trial input[name=item]").fill("it's \"$HOME\" `id` \\ !x");
            page.locator("summary", new Page.LocatorOptions().setHasText("curl"))
                    .click();
            String curl = page.locator("pre[aria-label=curl]").textContent();
            var shell = new ProcessBuilder("sh", "-c", curl).start();
            assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("it's")
                    .contains("$HOME")
                    .contains("`id`");
        }
    }
}
