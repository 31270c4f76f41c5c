package dev.augur.predictionlog.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages made of what several logs have, with real ledgers. */
class PageMergeTest {
    private static final LedgerConfig LEDGER = new LedgerConfig(false, 3_000, LedgerConfig.Retention.ALL, 1 << 20);
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final int RECORDS = 300;

    @TempDir
    Path directory;

    @Test
    void pagesHoldEachRecordOnceNewestFirstThoughSomeAreInTwoLogs() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        try (var one = open("one");
                var two = open("two");
                var beside = open("two")) {
            var logs = List.of(one, two, beside);
            for (int i = 0; i < RECORDS; i++) {
                var first = logs.get(random.nextInt(3));
                append(first, i);
                var second = logs.get(random.nextInt(3));
                if (i % 3 == 0 && second != first) {
                    append(second, i); // its acknowledgement was lost
                }
            }
            var newestFirst =
                    IntStream.range(0, RECORDS).mapToObj(i -> RECORDS - 1 - i).toList();
            for (int limit : List.of(1, 2, 7, 50, RECORDS, 1_000)) {
                for (long scan : List.of(400L, 1L << 20)) {
                    assertThat(all(limit, scan, List.of("one", "two"), RecordFilter.ALL))
                            .as("limit %s, scan %s", limit, scan)
                            .containsExactlyElementsOf(newestFirst);
                }
            }
            var even = new RecordFilter(
                    Optional.of("m0"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    /* replays= */ true);
            assertThat(all(9, 2_000, List.of("two", "one"), even))
                    .containsExactlyElementsOf(
                            newestFirst.stream().filter(i -> i % 2 == 0).toList());
        }
    }

    /** As those of one request with many items, which a log has stored and not acknowledged. */
    @Test
    void recordsOfOneMomentInTwoLogsAreOnOnePageEach() throws IOException {
        try (var one = open("one");
                var two = open("two")) {
            for (var log : List.of(one, two)) {
                IntStream.range(0, 60).forEach(i -> append(log, i, START));
            }
            IntStream.range(60, 70).forEach(i -> append(one, i, START));
            for (int limit : List.of(1, 7, 100)) {
                var numbers = read(limit, 1 << 20, List.of("one", "two"), RecordFilter.ALL);
                assertThat(numbers)
                        .as("limit %s", limit)
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, 70).boxed().toList());
            }
        }
    }

    @Test
    void aFolderThatTwoNodesReadIsTakenFromOne() throws IOException {
        try (var one = open("same");
                var two = open("same")) {
            IntStream.range(0, 40).forEach(i -> append(i % 3 == 0 ? one : two, i));
            var all = all(7, 1 << 20, List.of("same", "same"), RecordFilter.ALL);
            assertThat(all)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 40).mapToObj(i -> 39 - i).toList());
        }
    }

    @Test
    void aWriterThatWasAwayIsReadFromItsEndOnceItIsThere() throws IOException {
        try (var one = open("one");
                var two = open("two")) {
            IntStream.range(0, 20).forEach(i -> append(i % 2 == 0 ? one : two, i));
            var first = PageMerge.of(List.of(part("one", 5, 1 << 20, Optional.empty(), RecordFilter.ALL)), 5);
            assertThat(numbers(first)).containsExactly(18, 16, 14, 12, 10);
            var place = first.next().orElseThrow().with(PagePlace.unread(Set.of(two.writer())));
            var from = PagePlace.of(place.text());
            var rest = PageMerge.of(
                    List.of(
                            part("one", 50, 1 << 20, from, RecordFilter.ALL),
                            part("two", 50, 1 << 20, from, RecordFilter.ALL)),
                    50);
            assertThat(numbers(rest)).startsWith(19, 17, 15, 13, 11, 9, 8).hasSize(15);
            assertThat(rest.next()).isEmpty();
            assertThat(rest.writers()).containsExactlyInAnyOrder(one.writer(), two.writer());
        }
    }

    private List<Integer> all(int limit, long scan, List<String> nodes, RecordFilter filter) throws IOException {
        var numbers = read(limit, scan, nodes, filter);
        assertThat(new TreeSet<>(numbers)).hasSize(numbers.size());
        assertThat(numbers).isSortedAccordingTo(Collections.reverseOrder());
        return numbers;
    }

    private List<Integer> read(int limit, long scan, List<String> nodes, RecordFilter filter) throws IOException {
        var numbers = new ArrayList<Integer>();
        Optional<PagePlace> from = Optional.empty();
        do {
            var parts = new ArrayList<PagePart>();
            for (String node : nodes) {
                parts.add(part(node, limit, scan, from, filter));
            }
            var merged = PageMerge.of(parts, limit);
            assertThat(merged.lines()).hasSizeLessThanOrEqualTo(limit);
            numbers.addAll(numbers(merged));
            from = merged.next().map(place -> PagePlace.of(place.text()).orElseThrow());
        } while (from.isPresent());
        return numbers;
    }

    private PagePart part(String node, int limit, long scan, Optional<PagePlace> from, RecordFilter filter)
            throws IOException {
        var reader = new PageReader(directory.resolve(node), new QueryConfig(scan, 1_000, 10, 5), any -> 1_000_000);
        return PagePart.of(reader.read(PageQuestion.of(filter, limit, from.orElse(null)), id -> true));
    }

    private static List<Integer> numbers(PageMerge.Merged merged) {
        return merged.lines().stream()
                .map(line -> Integer.parseInt(Objects.requireNonNull(
                                RecordHead.of(line.json().array()).recordId())
                        .substring(1)))
                .toList();
    }

    private Ledger open(String node) throws IOException {
        return Ledger.open(directory.resolve(node), LEDGER);
    }

    private static void append(Ledger ledger, int number) {
        append(ledger, number, START.plusSeconds(number));
    }

    private static void append(Ledger ledger, int number, Instant time) {
        var json = String.format(
                "{\"record_id\":\"r%d\",\"model\":\"m%d\",\"received_at\":\"%s\"}", number, number % 2, time);
        try {
            assertThat(ledger.append(List.of(new LedgerEntry("r" + number, json.getBytes(UTF_8)))))
                    .hasSize(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
