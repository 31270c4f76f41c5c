package dev.augur.predictionlog.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import dev.augur.predictionlog.ledger.WriterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of pages over logs that stored many records late, and some twice; with real ledgers. */
class PassedRecordsTest {
    private static final LedgerConfig LEDGER = new LedgerConfig(false, 3_000, LedgerConfig.Retention.ALL, 1 << 20);
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final int RECORDS = 150;
    private static final int LATE = 60;
    private static final List<String> BOTH = List.of("one", "two");
    private static final QueryConfig ALL_IN_MEMORY = new QueryConfig(1 << 20, 10_000, 10, 5);
    private static final QueryConfig LITTLE_IN_MEMORY = new QueryConfig(1 << 20, 20, 10, 5);
    private static final Set<Integer> EVERY =
            new TreeSet<>(IntStream.range(0, RECORDS).boxed().toList());

    private final Random random = new Random(seed());

    @TempDir
    Path directory;

    private static long seed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return seed;
    }

    /** Each third record is in two of three logs, of which two are on one directory. */
    @BeforeEach
    void store() throws IOException {
        try (var one = Ledger.open(directory.resolve("one"), LEDGER);
                var two = Ledger.open(directory.resolve("two"), LEDGER);
                var beside = Ledger.open(directory.resolve("two"), LEDGER)) {
            var turns = new ArrayList<int[]>(); // when, where, which
            for (int i = 0; i < RECORDS; i++) {
                int log = random.nextInt(3);
                turns.add(new int[] {i + late(), log, i});
                if (i % 3 == 0) {
                    turns.add(new int[] {i + late(), (log + 1 + random.nextInt(2)) % 3, i});
                }
            }
            turns.sort(Comparator.comparingInt(turn -> turn[0]));
            for (int[] turn : turns) {
                append(List.of(one, two, beside).get(turn[1]), turn[2]);
            }
        }
    }

    private int late() {
        return random.nextInt(4) == 0 ? random.nextInt(LATE) : 0;
    }

    @Test
    void aRunShowsEachOnce() throws IOException {
        for (int limit : List.of(1, 7)) {
            for (var config : List.of(ALL_IN_MEMORY, LITTLE_IN_MEMORY)) {
                var shown = run(config, RecordFilter.ALL, limit, page -> BOTH);
                assertThat(shown).as("limit %s, %s", limit, config).doesNotHaveDuplicates();
                assertThat(new TreeSet<>(shown)).isEqualTo(EVERY);
            }
        }
    }

    /** One that has ended with lines older than asked for has not passed what is behind them. */
    @Test
    void aLogThatEndsEarlyHasNotPassedWhatIsBehind() throws IOException {
        append("one", 1_000, 301, 302, 303, 304, 305);
        append("two", 1_000, 1_001);
        var since = new RecordFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(START.plusSeconds(900)),
                Optional.empty(),
                /* replays= */ true);
        assertThat(run(ALL_IN_MEMORY, since, 1, page -> BOTH)).containsExactly(1_001, 1_000);
    }

    @Test
    void aLogThatComesLateAddsWhatWasNotShown() throws IOException {
        var shown = run(LITTLE_IN_MEMORY, RecordFilter.ALL, 7, page -> page < 9 ? List.of("one") : BOTH);
        assertThat(shown).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(shown)).isEqualTo(EVERY);
    }

    @Test
    void logsThatComeAndGoLoseNone() throws IOException {
        var shown = run(ALL_IN_MEMORY, RecordFilter.ALL, 7, page -> switch (random.nextInt(3)) {
            case 0 -> List.of("one");
            case 1 -> List.of("two");
            default -> BOTH;
        });
        assertThat(new TreeSet<>(shown)).isEqualTo(EVERY);
    }

    @Test
    void aCopyThatCameOnceTheRunHadBegunWasNotShown() throws IOException {
        var run = new Run(ALL_IN_MEMORY, RecordFilter.ALL, 7);
        var shown = new ArrayList<>(run.page(BOTH));
        var later = new TreeSet<>(EVERY);
        shown.forEach(later::remove);
        append("one", later.stream().mapToInt(number -> number).toArray()); // those it has are not written again
        shown.addAll(run.rest(page -> BOTH));
        assertThat(new TreeSet<>(shown)).isEqualTo(EVERY);
        assertThat(shown).doesNotHaveDuplicates();
    }

    private List<Integer> run(QueryConfig config, RecordFilter filter, int limit, IntFunction<List<String>> there)
            throws IOException {
        return new Run(config, filter, limit).rest(there);
    }

    /** One run of pages. */
    private final class Run {
        private final Map<String, PageReader> pages = new HashMap<>();
        private final Map<String, PassedRecords> passed = new HashMap<>();
        private final RecordFilter filter;
        private final int limit;
        private final Map<String, WriterRun> runs = new HashMap<>();
        private PagePlace place;

        private Run(QueryConfig config, RecordFilter filter, int limit) throws IOException {
            this.filter = filter;
            this.limit = limit;
            var writers = new ArrayList<String>();
            for (String log : BOTH) {
                var folder = directory.resolve(log);
                WriterFolder.in(folder).forEach(writer -> writers.add(writer.id()));
                pages.put(log, new PageReader(folder, config, any -> 1_000_000));
                var index = new RecordIndex(folder, config, any -> 1_000_000);
                passed.put(log, new PassedRecords(folder, config, index));
            }
            place = PagePlace.unread(writers);
        }

        private List<Integer> rest(IntFunction<List<String>> there) throws IOException {
            var shown = new ArrayList<Integer>();
            for (int page = 0; !place.writers().isEmpty(); page++) {
                shown.addAll(page(there.apply(page)));
            }
            return shown;
        }

        private List<Integer> page(List<String> there) throws IOException {
            var question = PageQuestion.of(filter, limit, place);
            var parts = new ArrayList<PagePart>();
            for (String log : there) {
                parts.add(PagePart.of(pages.get(log).read(question, id -> true)));
            }
            var merged = PageMerge.of(parts, limit);
            var ids = new HashSet<String>();
            merged.lines().forEach(line -> ids.add(line.recordId()));
            var left = new ArrayList<>(merged.lines());
            for (String log : there) {
                var shown = passed.get(log).of(question.from().orElseThrow(), ids);
                left.removeIf(line -> shown.contains(line.recordId()));
            }
            merged.runs().forEach(run -> runs.put(run.writer(), run));
            var next = merged.next().orElseGet(() -> new PagePlace(List.of())).with(place.without(merged.writers()));
            place = PagePlace.of(next.begun(runs.values()).text()).orElseThrow();
            return left.stream().map(line -> Integer.parseInt(line.recordId())).toList();
        }
    }

    private void append(String log, int... numbers) throws IOException {
        try (var ledger = Ledger.open(directory.resolve(log), LEDGER)) {
            for (int number : numbers) {
                append(ledger, number);
            }
        }
    }

    private static void append(Ledger ledger, int number) throws IOException {
        var json = String.format(
                "{\"record_id\":\"%d\",\"node\":\"front\",\"received_at\":\"%s\"}", number, START.plusSeconds(number));
        var unused = ledger.append(List.of(new LedgerEntry("" + number, json.getBytes(UTF_8))));
    }
}
