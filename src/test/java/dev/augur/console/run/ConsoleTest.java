package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.AriaRole;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Visit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console in a real browser, against a real server whose tutorial takes a tenth of its time. */
class ConsoleTest {
    private static final List<String> TABS = List.of("timeline", "live", "log", "models");
    private static final HasCountOptions SOON = new HasCountOptions().setTimeout(60_000);

    private static Chromium chromium;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
        server = TestServer.start("demo.fetch-delay=50ms", "demo.prediction-delay=100ms", "demo.log-delay=20ms");
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @Test
    void loadsCleanAndFromNowhereElse() {
        try (var visit = open()) {
            for (String tab : TABS) {
                visit.at(tab);
                assertThat(visit.page().locator("#" + tab)).isVisible();
            }
            assertThat(visit.page().locator(".state")).hasText("live");
            assertThat(visit.page().locator("#content .notice")).hasCount(0);
            assertThat(visit.faults()).isEmpty();
        }
    }

    @Test
    void holdsAStrictPolicy() throws Exception {
        var policy = server.get("/").headers().firstValue("Content-Security-Policy");
        assertThat(policy)
                .hasValueSatisfying(
                        text -> assertThat(text).contains("default-src 'none'").doesNotContain("unsafe"));
    }

    @Test
    void drawsTheFourRoutesOfTheTutorialInOnePicture() {
        try (var visit = open()) {
            var page = visit.at("timeline").page();
            button(page, "Compare all four").click();
            assertThat(page.locator(".run[data-state=over]")).hasCount(4, SOON);

            double sync = total(page, "/predict_sync");
            double asyncIo = total(page, "/predict_async_io");
            double fullAsync = total(page, "/predict_full_async");
            double background = total(page, "/predict_with_background");
            assertThat(sync).isGreaterThan(1_500).isGreaterThan(asyncIo);
            assertThat(asyncIo).isGreaterThan(1_050).isGreaterThan(fullAsync);
            assertThat(fullAsync).isGreaterThan(150);
            assertThat(background).isGreaterThan(150).isLessThan(asyncIo);
            assertThat(page.locator(".run .why")).hasCount(4);
            assertThat(inkOf(page.locator(".run canvas").first())).isGreaterThan(10);
            assertThat(visit.faults()).isEmpty();
        }
    }

    @Test
    void tellsTheSameInATable() {
        try (var visit = open()) {
            var page = run(visit, "/predict_full_async", 25);
            page.locator("summary", new Page.LocatorOptions().setHasText("as a table"))
                    .click();

            var rows = page.locator("#timeline details tbody tr");
            assertThat(rows).hasCount(25);
            assertThat(rows.first()).containsText("augur-predict");
            assertThat(page.locator("#timeline details thead")).containsText("fetch");
        }
    }

    @Test
    void drawsThousandsOfRequestsToAModel() {
        try (var visit = open()) {
            var page = run(visit, "/v2/models/iris/infer", 1_000);
            assertThat(page.locator(".run .small").first()).hasText("1,000 requests");
            assertThat(visit.faults()).isEmpty();
        }
    }

    @Test
    void movesOneCursorThroughAllPictures() {
        try (var visit = open()) {
            var page = run(visit, "/predict_full_async", 5);
            button(page, "Run").click();
            assertThat(page.locator(".run[data-state=over]")).hasCount(2, SOON);

            page.locator(".run canvas").first().hover(new Locator.HoverOptions().setPosition(60, 40));

            assertThat(page.locator(".bars .cursor").nth(0)).isVisible();
            assertThat(page.locator(".bars .cursor").nth(1)).isVisible();
            assertThat(page.locator("#tip")).containsText("/predict_full_async");
            page.locator(".run canvas").first().press("ArrowDown");
            assertThat(page.locator("#tip")).containsText("predict");
        }
    }

    @Test
    void filtersTheLogAndOpensARecord() throws Exception {
        server.post("/predict/wine", "{\"item_id\": 43}");
        server.post("/predict/wine", "{\"item_id\": 987654}");
        try (var visit = open()) {
            var page = visit.at("log").page();
            field(page, "item_id").fill("987654");
            field(page, "item_id").press("Enter");
            assertThat(page.locator(".records tbody tr")).hasCount(1);
            assertThat(page.locator(".records tbody")).containsText("CLIENT_ERROR");

            field(page, "item_id").fill("");
            field(page, "status").selectOption("OK");
            field(page, "model").fill("wine");
            field(page, "model").press("Enter");
            assertThat(page.locator(".records .badge.bad")).hasCount(0);
            page.locator(".records a").first().click();
            var record = page.locator("article.record");
            assertThat(record).containsText("alcohol");
            assertThat(record).containsText("as it was written");
            assertThat(record.locator("svg.times rect").first()).isAttached();
        }
    }

    @Test
    void tellsAnOutcomeAndSendsARecordAgain() throws Exception {
        String id =
                new JsonObject(server.post("/predict/wine", "{\"item_id\": 43}").body()).getString("record_id");
        try (var visit = open()) {
            var page = visit.at("log/" + id).page();
            page.getByLabel("What turned out to be true").fill("class_1");
            button(page, "Tell").click();
            assertThat(page.locator("article.record")).containsText("Kept.");
            button(page, "Send again").click();
            assertThat(page.locator("article.record")).containsText("the same answer");
            assertThat(visit.faults()).isEmpty();
        }
        assertThat(server.get("/predictions?replays=true&item_id=43").body()).contains("\"replay_of\":\"" + id);
    }

    @Test
    void predictsByAForm() throws Exception {
        try (var visit = open()) {
            var page = visit.at("models/iris").page();
            var values = List.of("5.1", "3.5", "1.4", "0.2");
            for (int i = 0; i < values.size(); i++) {
                page.locator(".boxes input").nth(i).fill(values.get(i));
            }
            button(page, "Predict").click();
            assertThat(page.locator(".answer")).containsText("setosa");
            assertThat(page.locator(".answer")).containsText("predict");

            page.locator("summary", new Page.LocatorOptions().setHasText("curl"))
                    .click();
            String curl = page.locator("pre[aria-label=curl]").textContent();
            var shell = new ProcessBuilder("sh", "-c", curl).start();
            assertThat(new String(shell.getInputStream().readAllBytes())).contains("\"data\":[0]");

            page.locator(".boxes input").first().fill("many");
            button(page, "Predict").click();
            assertThat(page.locator(".trial ~ div .notice")).containsText("“many” is no FP32");
        }
    }

    @Test
    void predictsForAnItemOfAPipeline() {
        try (var visit = open()) {
            var page = visit.at("models/pipeline%2Fwine").page();
            page.getByLabel("Item").fill("43");
            button(page, "Predict").click();
            assertThat(page.locator(".answer")).containsText("class_1");
            page.getByText("Its record").click();
            assertThat(page.locator("article.record")).containsText("/predict/wine");
        }
    }

    @Test
    void unloadsAndLoadsAModel() {
        try (var visit = open()) {
            var page = visit.at("models/diabetes").page();
            button(page, "Unload…").click();
            button(page, "Unload it").click();
            assertThat(page.locator(".detail .badge")).hasText("UNAVAILABLE");
            button(page, "Load").click();
            assertThat(page.locator(".detail .badge")).hasText("READY");
        }
    }

    @Test
    void showsWhatTheServerDoesNow() throws Exception {
        try (var visit = open()) {
            var page = visit.at("live").page();
            assertThat(page.locator("#live .chart")).hasCount(10);
            server.post("/predict/wine", "{\"item_id\": 43}");
            assertThat(page.locator("#live .chart canvas")).hasCount(10, SOON);
            assertThat(page.locator("#live")).containsText(Pattern.compile("heap \\d"));
            assertThat(page.locator("#live tbody")).containsText("wine 2");
            assertThat(visit.faults()).isEmpty();
        }
    }

    private static Visit open() {
        return chromium.visit(server.server().url().orElseThrow() + "/");
    }

    private static Page run(Visit visit, String route, int requests) {
        var page = visit.at("timeline").page();
        page.getByLabel("Route").selectOption(route);
        page.getByLabel("Requests at once").fill(String.valueOf(requests));
        button(page, "Run").click();
        assertThat(page.locator(".run[data-state=over]")).hasCount(1, SOON);
        return page;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator field(Page page, String name) {
        return page.locator("#log form [name=" + name + "]");
    }

    private static double total(Page page, String route) {
        return Double.parseDouble(
                page.locator(".run[data-path='" + route + "'] .total").getAttribute("data-ms"));
    }

    /** How many colours a canvas has. */
    private static int inkOf(Locator canvas) {
        return (int) canvas.evaluate("canvas => new Set(new Uint32Array(canvas.getContext('2d')"
                + ".getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size");
    }
}
