package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the console withstands: hostile text, a server that goes and comes back, an hour of events, a long log. */
@ExtendWith(VertxExtension.class)
class ConsoleStrainTest {
    private static final ContainsTextOptions SOON = new ContainsTextOptions().setTimeout(60_000);
    private static final List<String> HOSTILE = List.of(
            "<script>window.hit = 1</script>",
            "<img src=x onerror=\"window.hit = 1\">",
            "\"><svg onload=window.hit=1>",
            "${window.hit = 1}{{hit}}",
            "javascript:window.hit=1",
            "\u202egnp.exe\u0000\uD83D\uDE00");

    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        chromium.close();
    }

    @Test
    void hostileTextStaysText(@TempDir Path models) throws Exception {
        Files.createDirectories(models.resolve(HOSTILE.get(1)).resolve("1"));
        Files.writeString(models.resolve(HOSTILE.get(1)).resolve("1").resolve("model.onnx"), "none");
        try (var server = TestServer.start("models.repository=" + models)) {
            for (String text : HOSTILE) {
                server.post(
                        "/predict/wine", new JsonObject().put("item_id", text).encode());
                server.post("/predict/wine", body(43, text));
                server.post("/v2/models/" + URLEncoder.encode(text, StandardCharsets.UTF_8) + "/infer", body(43, text));
            }
            try (var visit = chromium.visit(server.server().url().orElseThrow() + "/")) {
                var page = visit.at("log").page();
                assertThat(page.locator(".records")).containsText(HOSTILE.get(0));
                for (String id : ids(server)) {
                    visit.at("log/" + id);
                    assertThat(page.locator("article.record dl").first()).isVisible();
                }
                page.getByLabel("What turned out to be true").fill(HOSTILE.get(1));
                page.getByText("Tell", new Page.GetByTextOptions().setExact(true))
                        .click();
                assertThat(page.locator("article.record")).containsText("Kept.");
                visit.at("models/"
                        + URLEncoder.encode(HOSTILE.get(1), StandardCharsets.UTF_8)
                                .replace("+", "%20"));
                assertThat(page.locator("#models .detail h2")).hasText(HOSTILE.get(1));
                visit.at("log/"
                        + URLEncoder.encode(HOSTILE.get(0), StandardCharsets.UTF_8)
                                .replace("+", "%20"));
                assertThat(page.locator("article.record [role=alert]")).isVisible();

                assertThat(page.evaluate("window.hit")).isNull();
                assertThat(page.locator("main script, main img, main svg[onload]"))
                        .hasCount(0);
            }
        }
    }

    @Test
    void saysThatTheServerWentAndCameBack() throws Exception {
        int port = ChildProcess.freePort();
        var server = TestServer.start("http.port=" + port);
        try (var visit = chromium.visit(server.server().url().orElseThrow() + "/")) {
            var page = visit.at("live").page();
            assertThat(page.locator(".state")).hasText("live");
            server.close();
            assertThat(page.locator("header [role=alert]")).containsText("The server went away", SOON);

            server = TestServer.start("http.port=" + port);
            assertThat(page.locator("header .notice")).containsText("The server was restarted", SOON);
            assertThat(page.locator(".state")).hasText("live");
            page.getByText("I see").click();
            assertThat(page.locator("header .notice")).hasCount(0);
        } finally {
            server.close();
        }
    }

    @Test
    void anHourOfEventsLeavesMemoryFlat(Vertx vertx) throws Exception {
        var hour = HourOfEvents.start(vertx);
        try (var server = TestServer.start();
                var visit = chromium.prepare(server.server().url().orElseThrow() + "/")) {
            var page = visit.page();
            page.route("**/console/stream", route -> route.resume(new Route.ResumeOptions().setUrl(hour.url())));
            visit.at("live");
            assertThat(page.locator("#live .notice")).containsText("1,000 events", SOON);
            var session = page.context().newCDPSession(page);
            double before = heap(session);

            hour.playTheRest();

            assertThat(page.locator("#live .notice")).containsText("3,600 events", SOON);
            assertThat(heap(session) - before).isLessThan(3 << 20);
            assertThat(visit.faults()).isEmpty();
        }
    }

    @Test
    void pagesAndFindsAmongAHundredThousandRecords(@TempDir Path data) throws Exception {
        JsonObject record;
        try (var server = TestServer.start("data.directory=" + data)) {
            server.post("/predict/wine", new JsonObject().put("item_id", 43).encode());
            TestServer.eventually(() -> server.get("/predictions").body().contains("\"OK\""));
            record = new JsonObject(server.get("/predictions").body())
                    .getJsonArray("records")
                    .getJsonObject(0);
        }
        append(data.resolve("predictions"), record, 100_000);
        try (var server = TestServer.start("data.directory=" + data);
                var visit = chromium.visit(server.server().url().orElseThrow() + "/")) {
            var page = visit.at("log").page();
            var rows = page.locator("table.records tbody tr");
            assertThat(rows.first()).containsText("copy 99999");
            page.getByText("Older").click();
            assertThat(page.locator("nav.pages")).containsText("page 2");
            assertThat(rows.first()).not().containsText("copy 99999");
            page.getByText("Newer").click();
            assertThat(rows.first()).containsText("copy 99999");
            page.getByLabel("Item").fill("copy 90000");
            page.getByLabel("Item").press("Enter");
            assertThat(rows).hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(60_000));
            assertThat(rows.first()).containsText("copy 90000");
            assertThat(visit.faults()).isEmpty();
        }
    }

    /** Copies of a record, under ids and items of their own. */
    private static void append(Path predictions, JsonObject record, int copies) throws Exception {
        List.of("writer_id", "seq", "prev", "hash", "outcomes").forEach(record::remove);
        var config = new LedgerConfig(/* fsync= */ false, 64 << 20, LedgerConfig.Retention.ALL, 0);
        try (var ledger = Ledger.open(predictions, config)) {
            for (int copy = 0; copy < copies; copy++) {
                record.put("record_id", "copy-" + copy).put("item_id", "copy " + copy);
                ledger.append(
                        List.of(new LedgerEntry("copy-" + copy, record.encode().getBytes(StandardCharsets.UTF_8))));
            }
        }
    }

    private static double heap(CDPSession session) {
        session.send("HeapProfiler.collectGarbage");
        return session.send("Runtime.getHeapUsage").get("usedSize").getAsDouble();
    }

    private static String body(int item, String text) {
        return new JsonObject()
                .put("item_id", item)
                .put("id", text)
                .put("features", new JsonObject().put("alcohol", text))
                .encode();
    }

    private static List<String> ids(TestServer server) throws Exception {
        var ids = new ArrayList<String>();
        new JsonObject(server.get("/predictions").body())
                .getJsonArray("records")
                .forEach(record -> ids.add(((JsonObject) record).getString("record_id")));
        assertThat(ids).hasSizeGreaterThanOrEqualTo(2 * HOSTILE.size());
        return ids;
    }
}
