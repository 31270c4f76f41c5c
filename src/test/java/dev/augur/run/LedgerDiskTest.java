package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.HttpLoad;
import dev.augur.testkit.HttpLoad.Route;
import dev.augur.testkit.LogCounters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose disk is full for a while, or which may not write. */
class LedgerDiskTest {
    private static final int CALLERS = 8;
    private static final int MAX_PENDING = 300;

    @TempDir
    Path directory;

    /**
     * The limit on the size of files stands for the full disk: a file system of its own takes rights that CI does not
     * have. First there is room for a part of a group, then for nothing in any file, old or new, then there is room
     * again, all while the process runs.
     */
    @Test
    void aFullDiskRefusesCountsAndRecoversWithoutARestart() throws Exception {
        var log = new LogFolder(directory);
        try (var augur = AugurProcess.start(variables(log))) {
            var before = HttpLoad.start(augur, Route.PIPELINE, 1, CALLERS);
            var after = HttpLoad.start(augur, Route.MODEL, 1, CALLERS);
            before.goesOn(50);
            after.goesOn(50);
            limit(augur, Files.size(log.newestSegment()) + 10_000);
            before.isRefused();
            limit(augur, 0);
            before.isRefused();
            eventually(() -> augur.get("/health/ready").statusCode() == 503);
            assertThat(augur.get("/health/ready").body()).contains("\"prediction-log\":\"");
            after.goesOn(100); // its answers do not wait
            eventually(() -> LogCounters.of(augur).dropped() > 0);
            // A record that is dropped at this very moment still counts as pending.
            assertThat(LogCounters.of(augur).pending()).isLessThanOrEqualTo(MAX_PENDING + 2 * CALLERS);
            assertThat(augur.get("/health/live").statusCode()).isEqualTo(200);

            limit(augur, "unlimited");

            before.goesOn(50);
            after.goesOn(50);
            before.stop();
            after.stop();
            eventually(() -> LogCounters.of(augur).pending() == 0);
            eventually(() -> augur.get("/health/ready").statusCode() == 200);
            assertRefusedAndCounted(log, List.of(before, after), LogCounters.of(augur));
            assertThat(augur.err()).anyMatch(line -> line.contains("records could not be written"));
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
        assertThat(log.verify()).last().asString().startsWith("OK: ");
    }

    private static void assertRefusedAndCounted(LogFolder log, List<HttpLoad> loads, LogCounters counters)
            throws Exception {
        var before = loads.get(0);
        var after = loads.get(1);
        assertThat(before.refusals())
                .containsExactly("503 {\"detail\":\"the prediction log does not take records now\"}");
        assertThat(after.refusals()).isEmpty();
        var records = log.checkedRecords();
        assertThat(records).hasSize((int) counters.stored());
        assertThat(LogFolder.missing(before.route(), before.acknowledged(), records))
                .isEmpty();
        assertThat(counters.offered()).isEqualTo(before.answered() + before.refused() + after.answered());
        assertThat(LogFolder.missing(after.route(), after.acknowledged(), records))
                .hasSizeBetween(1, (int) counters.dropped());
    }

    @Test
    void aDirectoryWithoutPermissionIsRefusedByName() throws Exception {
        var locked = Files.createDirectory(directory.resolve("locked"));
        run("chmod", "555", locked.toString());
        var command = new ArrayList<String>();
        if (Files.isWritable(locked)) { // root may write anywhere
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.add("./run.sh");
        var variables = Map.of("AUGUR_HTTP_PORT", "0", "AUGUR_DATA_DIRECTORY", locked.toString());
        try (var augur = AugurProcess.launch(variables, command)) {
            assertThat(augur.exitCode()).isEqualTo(1);
            assertThat(augur.err())
                    .containsExactly("cannot start: " + locked.resolve("predictions")
                            + ": no permission to write here; the prediction log needs a directory that this user may"
                            + " write: set data.directory (AUGUR_DATA_DIRECTORY)");
        }
    }

    private static Map<String, String> variables(LogFolder log) {
        var variables = new HashMap<>(log.variables());
        variables.put("AUGUR_PREDICTION_LOG_MAX_PENDING", String.valueOf(MAX_PENDING));
        variables.put("AUGUR_PREDICTION_LOG_MAX_RETRY_DELAY", "200ms");
        variables.put("AUGUR_HEALTH_REQUIRES", "models,prediction-log");
        return variables;
    }

    private static void limit(AugurProcess augur, Object bytes) throws Exception {
        run("prlimit", "--pid", String.valueOf(augur.pid()), "--fsize=" + bytes + ":");
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
