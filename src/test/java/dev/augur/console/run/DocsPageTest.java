package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.TestServer;
import org.junit.jupiter.api.Test;

/** The page /docs in a real browser. */
class DocsPageTest {
    @Test
    void loadsCleanAndTriesAModelOut() throws Exception {
        try (var server = TestServer.start();
                var chromium = Chromium.start();
                var visit = chromium.visit(server.server().url().orElseThrow() + "/docs")) {
            var page = visit.page();
            var operation = page.locator(
                            ".opblock",
                            new Page.LocatorOptions().setHas(page.locator("[data-path='/v2/models/iris/infer']")))
                    .first();
            operation.locator(".opblock-summary-control").click();
            operation.locator(".try-out__btn").click();
            operation.locator(".execute").click();

            var status = operation
                    .locator(".live-responses-table .response-col_status")
                    .last();
            assertThat(status).containsText("200");
            assertThat(operation.locator(".live-responses-table")).containsText("probabilities");
            assertThat(visit.faults()).isEmpty();
        }
    }
}
