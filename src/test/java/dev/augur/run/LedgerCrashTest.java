package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.HttpLoad;
import dev.augur.testkit.HttpLoad.Route;
import dev.augur.testkit.LogCounters;
import dev.augur.testkit.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed at random, or told to stop, while it answers. The profile {@code crash} makes many more
 * rounds.
 */
class LedgerCrashTest {
    private static final int ROUNDS = Integer.getInteger("augur.crash.rounds", 3);
    private static final int MAX_PENDING = 2_000;
    private static final int CALLERS = 8;
    private static final long NUMBERS_PER_ROUND = 10_000_000;

    @TempDir
    Path directory;

    @Test
    void everythingAnsweredSurvivesEveryKillOnceAndWithoutAGap() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var log = new LogFolder(directory);
        var before = new ArrayList<String>();
        var after = new ArrayList<String>();
        long stored = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var killed = killUnderLoad(log, round, random);
            before.addAll(killed.pipeline().acknowledged());
            after.addAll(killed.model().acknowledged());
            stored += killed.stored();
            assertThat(LedgerCheck.of(log.writer()).fault())
                    .as("round %d, seed %d", round, seed)
                    .isNull();
        }
        try (var augur = AugurProcess.start(log.variables())) {
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
        assertThat(log.verify()).noneMatch(line -> line.contains("bytes of a line"));
        var records = log.checkedRecords();
        assertThat(LogFolder.missing(Route.PIPELINE, before, records))
                .as("seed %d", seed)
                .isEmpty();
        // What was answered and not yet in the ledger when the process died is lost: no more than may be pending.
        assertThat(LogFolder.missing(Route.MODEL, after, records))
                .as("seed %d", seed)
                .hasSizeLessThan(Math.min(ROUNDS * MAX_PENDING, after.size()));
        assertThat(records).as("seed %d", seed).hasSizeGreaterThanOrEqualTo((int) stored);
        assertThat(before).hasSizeGreaterThan(ROUNDS);
    }

    @Test
    void losesNothingWhenItIsToldToStopUnderLoad() throws Exception {
        var log = new LogFolder(directory);
        var loads = new ArrayList<HttpLoad>();
        try (var augur = AugurProcess.start(log.variables())) {
            for (Route route : Route.values()) {
                loads.add(HttpLoad.start(augur, route, 1, CALLERS));
            }
            for (HttpLoad load : loads) {
                load.goesOn(100);
            }
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
            for (HttpLoad load : loads) {
                load.awaitEnd();
            }
            assertThat(augur.err()).noneMatch(line -> line.contains(" ERROR ") || line.startsWith("not "));
        }
        LogFolder.assertAllOnce(loads, log.checkedRecords());
        assertThat(log.verify()).last().asString().startsWith("OK: ");
    }

    /**
     * What a server did before it was killed.
     *
     * @param stored how many records it said to have stored
     */
    private record Killed(HttpLoad pipeline, HttpLoad model, long stored) {}

    /** Kills the server at a random point of its work. */
    private static Killed killUnderLoad(LogFolder log, int round, Random random) throws Exception {
        try (var augur = AugurProcess.start(variables(log, random.nextInt(3) == 0))) {
            long first = round * NUMBERS_PER_ROUND;
            var pipeline = HttpLoad.start(augur, Route.PIPELINE, first, CALLERS);
            var model = HttpLoad.start(augur, Route.MODEL, first, CALLERS);
            int enough = random.nextInt(400) + 1;
            var counted = random.nextBoolean() ? pipeline : model;
            TestServer.eventually(() -> counted.answered() >= enough || !augur.alive());
            assertThat(augur.alive()).as("%s", augur.err()).isTrue();
            long stored = LogCounters.of(augur).stored();
            augur.signal("KILL");
            assertThat(augur.exitCode()).isEqualTo(137);
            pipeline.awaitEnd();
            model.awaitEnd();
            return new Killed(pipeline, model, stored);
        }
    }

    private static Map<String, String> variables(LogFolder log, boolean fsync) {
        var variables = new HashMap<>(log.variables());
        variables.put("AUGUR_PREDICTION_LOG_FSYNC", String.valueOf(fsync));
        variables.put("AUGUR_PREDICTION_LOG_SEGMENT_SIZE", "256KiB");
        variables.put("AUGUR_PREDICTION_LOG_MAX_PENDING", String.valueOf(MAX_PENDING));
        return variables;
    }
}
