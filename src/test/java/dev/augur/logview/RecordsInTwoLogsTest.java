package dev.augur.logview;

import static dev.augur.testkit.TestServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import dev.augur.testkit.ClusterMembers;
import dev.augur.testkit.ClusterMembers.Member;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of which two logs have a copy, one of them behind newer ones, as a run of pages shows them. */
class RecordsInTwoLogsTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final List<Integer> ALL = IntStream.rangeClosed(1, 9).boxed().toList();

    @TempDir
    Path directory;

    /** Both logs have 5 and 6; 1 was stored late, so that what is before it in its log is shown late. */
    @BeforeEach
    void store() throws Exception {
        append("one", 2, 3, 5, 6, 9);
        append("two", 4, 5, 6, 7, 8, 1);
    }

    @Test
    void aRunOfPagesShowsEachOnce() throws Exception {
        try (var members = new ClusterMembers(directory)) {
            var front = members.start("front", "http,predict");
            var one = members.start("one", "log");
            var two = members.start("two", "log");
            for (String asked : List.of("limit=1", "limit=2", "limit=4", "limit=2&model=m", "limit=100")) {
                assertThat(run(front, asked, "")).as(asked).containsExactlyInAnyOrderElementsOf(ALL);
            }
            aLogThatComesLateAddsWhatWasNotShown(members, front, one);
            aLogThatIsAwayAndComesBackAddsWhatWasNotShown(members, front, two);
        }
    }

    private static void aLogThatIsAwayAndComesBackAddsWhatWasNotShown(ClusterMembers members, Member front, Member two)
            throws Exception {
        var page = page(front, "limit=2");
        var shown = new ArrayList<>(numbers(page));
        two.stop();
        eventually(() -> front.server().nodes().others().size() == 1);
        while (!page.getBoolean("finished")) {
            page = page(front, "limit=2&cursor=" + page.getString("cursor"));
            assertThat(page.getJsonArray("missing")).hasSize(1);
            shown.addAll(numbers(page));
        }
        assertThat(shown).containsExactly(9, 6, 5, 3, 2);
        members.start("two", "log");
        shown.addAll(run(front, "limit=2", page.getString("cursor")));
        assertThat(shown).containsExactlyInAnyOrderElementsOf(ALL);
    }

    private static void aLogThatComesLateAddsWhatWasNotShown(ClusterMembers members, Member front, Member one)
            throws Exception {
        one.stop();
        eventually(() -> front.server().nodes().others().size() == 1);
        var first = page(front, "limit=4");
        assertThat(numbers(first)).containsExactly(1, 8, 7, 6);
        members.start("one", "log");
        var shown = new ArrayList<>(numbers(first));
        shown.addAll(run(front, "limit=2", first.getString("cursor")));
        assertThat(shown).containsExactlyInAnyOrderElementsOf(ALL);
    }

    /** Pages until there is nothing more. */
    private static List<Integer> run(Member node, String asked, String from) throws Exception {
        var numbers = new ArrayList<Integer>();
        var cursor = from;
        do {
            var page = page(node, asked + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.getJsonArray("missing")).isNull();
            assertThat(page.getBoolean("finished")).isEqualTo(page.getString("cursor") == null);
            numbers.addAll(numbers(page));
            cursor = page.getString("cursor", "");
        } while (!cursor.isEmpty());
        return numbers;
    }

    private static JsonObject page(Member node, String query) throws Exception {
        var answer = node.get("/predictions?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static List<Integer> numbers(JsonObject page) {
        return page.getJsonArray("records").stream()
                .map(record -> Integer.parseInt(((JsonObject) record).getString("record_id")))
                .toList();
    }

    private void append(String log, int... numbers) throws Exception {
        var config = new LedgerConfig(false, 1 << 20, LedgerConfig.Retention.ALL, 1 << 20);
        try (var ledger = Ledger.open(directory.resolve(log).resolve("predictions"), config)) {
            for (int number : numbers) {
                var json = String.format(
                        "{\"record_id\":\"%d\",\"node\":\"front\",\"model\":\"m\",\"received_at\":\"%s\"}",
                        number, START.plusSeconds(number));
                assertThat(ledger.append(List.of(new LedgerEntry("" + number, json.getBytes(UTF_8)))))
                        .hasSize(1);
            }
        }
    }
}
