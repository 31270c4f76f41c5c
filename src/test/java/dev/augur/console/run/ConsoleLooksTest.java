package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Visit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who can use the console: by keyboard, with a screen reader, in light and dark, on a phone. */
class ConsoleLooksTest {
    private static final List<String> PLACES =
            List.of("timeline", "live", "log", "log/%s", "models/iris", "models/pipeline%%2Fwine");

    private static Chromium chromium;
    private static TestServer server;
    private static String record;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
        server = TestServer.start("demo.fetch-delay=5ms", "demo.prediction-delay=10ms", "demo.log-delay=0");
        server.post("/predict/wine", "{\"item_id\": \"" + "no-such-item".repeat(40) + "\"}");
        record =
                new JsonObject(server.post("/predict/wine", "{\"item_id\": 43}").body()).getString("record_id");
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void breaksNoRuleOfAccessibility(ColorScheme scheme) {
        try (var visit = open(1_440, scheme)) {
            for (String place : PLACES) {
                var page = settled(visit, place);
                var found = new AxeBuilder(page).analyze().getViolations();
                assertThat(found)
                        .as(place)
                        .extracting(rule ->
                                rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                        .isEmpty();
            }
        }
    }

    @Test
    void fitsAPhone() {
        try (var visit = open(390, ColorScheme.LIGHT)) {
            for (String place : PLACES) {
                var page = settled(visit, place);
                assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as(place)
                        .isEqualTo(true);
            }
            assertThat(visit.faults()).isEmpty();
        }
    }

    @Test
    void isUsedByKeyboard() {
        try (var visit = open(1_440, ColorScheme.LIGHT)) {
            var page = visit.page();
            assertThat(page.locator(".state")).hasText("live");
            page.keyboard().press("Tab");
            assertThat(page.locator(".skip")).isFocused();
            page.keyboard().press("Tab");
            page.keyboard().press("Tab");
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            assertThat(page.locator("#live")).isVisible();
            assertThat(page.locator("nav a[aria-current=page]")).hasText("Live");
        }
    }

    @Test
    void turnsDarkAndRemembersIt() {
        try (var visit = open(1_440, ColorScheme.LIGHT)) {
            var page = visit.page();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Turn dark"))
                    .click();
            page.reload();
            assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
            assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Turn light")))
                    .isVisible();
        }
    }

    private static Visit open(int width, ColorScheme scheme) {
        return chromium.visit(server.server().url().orElseThrow() + "/", width, scheme);
    }

    /** A place of the console with what there is to see in it. */
    private static Page settled(Visit visit, String place) {
        var page = visit.at(place.formatted(record)).page();
        if (place.equals("timeline")) {
            page.getByText("Compare all four").first().click();
            assertThat(page.locator(".run[data-state=over]")).hasCount(4);
            page.locator("summary").first().click();
            assertThat(page.locator("#timeline tbody tr").first()).isVisible();
        } else if (place.equals("live")) {
            assertThat(page.locator("#live .chart canvas").last()).isVisible();
        } else if (place.equals("log")) {
            assertThat(page.locator(".records tbody tr").first()).isVisible();
        } else if (place.startsWith("log/")) {
            assertThat(page.locator("article.record")).containsText("as it was written");
        } else {
            page.getByText("Predict", new Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator(".answer")).isVisible();
        }
        return page;
    }
}
