package dev.augur.predictionlog.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ServingException;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.WriterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages and single records out of real ledgers with small segments. */
class PageReaderTest {
    private static final LedgerConfig LEDGER = new LedgerConfig(false, 2_000, LedgerConfig.Retention.ALL, 1 << 20);
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final int STRAGGLERS = 5;

    @TempDir
    Path folder;

    @Test
    void pagesHoldEveryRecordOfEveryWriterOnceNewestFirst() throws IOException {
        try (var first = open();
                var second = open()) {
            for (int i = 0; i < 50; i++) {
                append(i % 3 == 0 ? first : second, i);
            }
            for (int limit : List.of(1, 3, 7, 49, 50, 51)) {
                assertThat(all(RecordFilter.ALL, limit, config(1 << 20)))
                        .containsExactlyElementsOf(
                                IntStream.range(0, 50).mapToObj(i -> 49 - i).toList());
            }
        }
    }

    @Test
    void whatIsAppendedMeanwhileDoesNotMoveThePages() throws IOException {
        try (var ledger = open()) {
            IntStream.range(0, 10).forEach(i -> append(ledger, i));
            var reader = reader(config(1 << 20));
            var page = reader.read(RecordFilter.ALL, 4, null);
            try (var later = open()) {
                IntStream.range(10, 40).forEach(i -> append(i % 2 == 0 ? ledger : later, i));
                assertThat(numbers(page)).containsExactly(9, 8, 7, 6);
                page = reader.read(RecordFilter.ALL, 4, again(page));
                assertThat(numbers(page)).containsExactly(5, 4, 3, 2);
                page = reader.read(RecordFilter.ALL, 4, again(page));
                assertThat(numbers(page)).containsExactly(1, 0);
                assertThat(page.next()).isEmpty();
            }
        }
    }

    @Test
    void oneRequestReadsAboutAsMuchAsItMayAndSaysWhereToGoOn() throws IOException {
        try (var ledger = open()) {
            IntStream.range(0, 100).forEach(i -> append(ledger, i));
            var reader = reader(config(1_000));
            var none = filter("other", null, null);
            var page = reader.read(none, 10, null);
            int requests = 1;
            while (page.next().isPresent()) {
                assertThat(page.lines()).isEmpty();
                page = reader.read(none, 10, again(page));
                requests++;
            }
            assertThat(requests).isBetween(20, 60); // some 30,000 bytes
            assertThat(all(filter("m1", null, null), 7, config(1_000)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(i -> 99 - 2 * i).toList());
        }
    }

    @Test
    void aTimeEndsTheSearchButStragglersDoNot() throws IOException {
        try (var ledger = open()) {
            IntStream.range(0, 60).forEach(i -> append(ledger, i));
            IntStream.range(0, STRAGGLERS - 1).forEach(i -> append(ledger, 100 + i, START.minusSeconds(1)));
            append(ledger, 60);
            assertThat(all(filter(null, START.plusSeconds(57), null), 2, config(1 << 20)))
                    .containsExactly(60, 59, 58, 57);
            assertThat(all(filter(null, START.plusSeconds(57), START.plusSeconds(58)), 100, config(300)))
                    .containsExactly(58, 57);
            var page = reader(config(4_000)).read(filter(null, START.plusSeconds(60), null), 9, null);
            assertThat(numbers(page)).containsExactly(60);
            assertThat(page.next()).as("the search ended").isEmpty();
        }
    }

    /**
     * Order is that of the ledger; who asks by time gets all that a clock set back for a while did not put behind too
     * many older ones.
     */
    @Test
    void aClockSetBackChangesNoOrderAndTheTimeAskedForFindsBothSides() throws IOException {
        try (var ledger = open()) {
            IntStream.range(0, 20).forEach(i -> append(ledger, i));
            IntStream.range(20, 19 + STRAGGLERS).forEach(i -> append(ledger, i, START.minusSeconds(3_600 - i)));
            IntStream.range(19 + STRAGGLERS, 30).forEach(i -> append(ledger, i));

            assertThat(all(RecordFilter.ALL, 7, config(1 << 20)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 30).mapToObj(i -> 29 - i).toList());
            assertThat(all(filter(null, START.plusSeconds(15), null), 7, config(1 << 20)))
                    .containsExactly(29, 28, 27, 26, 25, 24, 19, 18, 17, 16, 15);
        }
        assertThat(LedgerCheck.of(WriterFolder.in(folder).get(0)).fault()).isNull();
    }

    @Test
    void whatIsNotStoredYetIsNotShown() throws IOException {
        try (var ledger = open()) {
            IntStream.range(0, 5).forEach(i -> append(ledger, i));
            var reader = new PageReader(folder, config(1 << 20), writer -> 3);
            assertThat(numbers(reader.read(RecordFilter.ALL, 9, null))).containsExactly(2, 1, 0);
            var index = new RecordIndex(folder, config(1 << 20), writer -> 3);
            assertThat(index.find("r3")).isEmpty();
            assertThat(index.find("r2")).isPresent();
        }
    }

    @Test
    void refusesACursorThatIsNone() throws IOException {
        try (var ledger = open()) {
            IntStream.range(0, 20).forEach(i -> append(ledger, i));
        }
        for (String text : List.of("x", "!!", "YS8tMS8wLzA", "YS8wLzA", "YS96enp6enp6enp6enp6enp6LzAvMA")) {
            assertThat(PagePlace.of(text)).as(text).isEmpty();
        }
        var page = reader(config(1 << 20)).read(RecordFilter.ALL, 2, null);
        var place = again(page);
        var same = new ArrayList<>(place.writers());
        IntStream.range(0, 100).forEach(i -> same.addAll(place.writers()));
        assertThatThrownBy(() -> reader(config(1 << 20)).read(RecordFilter.ALL, 2, new PagePlace(same)))
                .isInstanceOf(ServingException.class);
    }

    @Test
    void findsEveryRecordByItsIdHoweverSmallTheIndexIs() throws IOException {
        try (var first = open();
                var second = open()) {
            for (int size : List.of(1, 7, 1_000)) {
                var index = new RecordIndex(folder, new QueryConfig(1 << 20, size, 1, STRAGGLERS), any -> 1_000_000);
                int before = size * 100;
                for (int i = 0; i < 30; i++) {
                    append(i % 2 == 0 ? first : second, before + i);
                    assertThat(index.find("r" + (before + i / 2)).map(PageReaderTest::number))
                            .contains(before + i / 2);
                }
                for (int i = 29; i >= 0; i--) {
                    assertThat(index.find("r" + (before + i)).map(PageReaderTest::number))
                            .contains(before + i);
                }
                assertThat(index.find("r29000")).isEmpty();
            }
        }
    }

    @Test
    void searchesNoFurtherThanItMayAndForgetsRemovedSegments() throws IOException {
        try (var ledger = open()) {
            var index = new RecordIndex(folder, config(3_000), any -> Long.MAX_VALUE);
            append(ledger, 0);
            assertThat(index.find("r0")).isPresent();
            IntStream.range(1, 100).forEach(i -> append(ledger, i));
            assertThat(index.find("r99")).isPresent();
            assertThat(index.find("r0")).as("further than 3,000 bytes away").isEmpty();
            var wide = new RecordIndex(folder, config(1 << 20), any -> Long.MAX_VALUE);
            assertThat(wide.find("r0")).isPresent();
            Files.delete(WriterFolder.in(folder).get(0).segments().get(0));
            assertThat(wide.find("r0")).isEmpty();
            assertThat(wide.find("r50")).isPresent();
        }
    }

    @Test
    void theIndexGoesOnBeyondAHoleInTheSeqs() throws IOException {
        try (var ledger = open()) {
            var json = "{\"record_id\":\"o\",\"type\":\"" + OutcomeRecord.TYPE
                    + "\",\"prediction_id\":\"p\",\"outcome\":\"good\"}";
            assertThat(ledger.append(List.of(new LedgerEntry("o", json.getBytes(UTF_8)))))
                    .hasSize(1);
            IntStream.range(0, 30).forEach(i -> append(ledger, i));
            Files.delete(WriterFolder.in(folder).get(0).segments().get(1));
            ledger.check();
            append(ledger, 30);
            var index = new RecordIndex(folder, config(1 << 20), any -> Long.MAX_VALUE);
            assertThat(index.outcomes("p")).hasSize(1);
            assertThat(index.toldOf("good")).containsExactly("p");
        }
    }

    @Test
    void anEmptyLogHasNoRecords() throws IOException {
        var nowhere = new PageReader(folder.resolve("none"), config(1), any -> 0);
        assertThat(nowhere.read(RecordFilter.ALL, 1, null).next()).isEmpty();
        try (var ledger = open()) {
            assertThat(all(RecordFilter.ALL, 1, config(1))).isEmpty();
            assertThat(new RecordIndex(folder, config(1), any -> ledger.storedSeq()).find("r0"))
                    .isEmpty();
        }
    }

    private List<Integer> all(RecordFilter filter, int limit, QueryConfig config) throws IOException {
        var reader = reader(config);
        var numbers = new ArrayList<Integer>();
        var page = reader.read(filter, limit, null);
        numbers.addAll(numbers(page));
        while (page.next().isPresent()) {
            page = reader.read(filter, limit, again(page));
            assertThat(page.lines()).hasSizeLessThanOrEqualTo(limit);
            numbers.addAll(numbers(page));
        }
        return numbers;
    }

    /** As a client sends it. */
    private static PagePlace again(Page page) {
        return PagePlace.of(page.next().orElseThrow().text()).orElseThrow();
    }

    private PageReader reader(QueryConfig config) {
        return new PageReader(folder, config, any -> Long.MAX_VALUE);
    }

    private static QueryConfig config(long scanBytes) {
        return new QueryConfig(scanBytes, 1_000, 10, STRAGGLERS);
    }

    private static RecordFilter filter(String model, Instant since, Instant until) {
        return new RecordFilter(
                Optional.ofNullable(model),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(since),
                Optional.ofNullable(until),
                /* replays= */ true);
    }

    private static List<Integer> numbers(Page page) {
        return page.lines().stream().map(PageReaderTest::number).toList();
    }

    private static int number(LedgerLine line) {
        return Integer.parseInt(
                Objects.requireNonNull(RecordHead.of(line.bytes()).recordId()).substring(1));
    }

    private Ledger open() throws IOException {
        return Ledger.open(folder, LEDGER);
    }

    private static void append(Ledger ledger, int number) {
        append(ledger, number, START.plusSeconds(number));
    }

    private static void append(Ledger ledger, int number, Instant time) {
        var json = String.format(
                "{\"record_id\":\"r%d\",\"item_id\":%d,\"model\":\"m%d\",\"received_at\":\"%s\",\"inputs\":{\"model\":\"no\"}}",
                number, number, number % 2, time);
        try {
            assertThat(ledger.append(List.of(new LedgerEntry("r" + number, json.getBytes(UTF_8)))))
                    .hasSize(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
