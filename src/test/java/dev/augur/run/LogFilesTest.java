package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.HttpLoad;
import dev.augur.testkit.HttpLoad.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What operators and their jobs do to the prediction log's files while a server answers: what it acknowledged is there.
 */
class LogFilesTest {
    private static final int CALLERS = 4;
    private static final String GONE = "was removed or renamed";

    /**
     * In the folder of a writer, with the name of the file being written; each of them takes no line away from the open
     * file.
     */
    private static final List<String> HARMS = List.of(
            "rm $1",
            "mv $1 $1.1",
            "mv $1 $1.2 && touch $1",
            "gzip -c $1 > $1.gz; rm $1",
            "sed -i s/a/a/ $1",
            "mkfifo new && mv new $1",
            "rm lock head.json");

    @TempDir
    Path directory;

    @Test
    void whateverIsDoneToTheFilesUnderLoadWhatWasAcknowledgedIsThere() throws Exception {
        var log = new LogFolder(directory);
        try (var augur = AugurProcess.start(log.variables())) {
            var load = HttpLoad.start(augur, Route.PIPELINE, 1, CALLERS);
            for (int i = 0; i < HARMS.size(); i++) {
                int found = i + 1;
                load.goesOn(20);
                var folder = log.writer().path();
                run("sh", "-c", "cd " + folder + " && set -- $(ls *.ndjson | tail -n 1) && " + HARMS.get(i));
                eventually(() -> restorations(augur) >= found);
            }
            load.goesOn(20);
            load.stop();
            assertThat(load.refusals()).isEmpty();
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
            LogFolder.assertAllOnce(List.of(load), log.checkedRecords());
        }
        assertThat(log.verify()).last().asString().startsWith("OK: ");
    }

    /** As on a volume that became read-only, or was given to another user. */
    @Test
    void whatCannotBeBroughtBackYetIsRefusedToldOnceAndBroughtBackLater() throws Exception {
        var log = new LogFolder(directory);
        try (var augur = AugurProcess.launch(log.variables(), unprivileged())) {
            augur.says(": ready in ");
            var load = HttpLoad.start(augur, Route.PIPELINE, 1, CALLERS);
            load.goesOn(20);
            var folder = log.writer().path().toString();
            augur.signal("STOP"); // else it could bring the file back between the two
            run("sh", "-c", "rm " + folder + "/*.ndjson && chmod 555 " + folder);
            augur.signal("CONT");
            load.isRefused();
            load.isRefused();
            assertThat(restorations(augur)).isZero();
            run("chmod", "755", folder);
            load.goesOn(20);
            load.stop();
            assertThat(augur.err().stream().filter(line -> line.contains(GONE))).hasSize(1);
            assertThat(restorations(augur)).isOne();
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
            LogFolder.assertAllOnce(List.of(load), log.checkedRecords());
        }
        assertThat(log.verify()).last().asString().startsWith("OK: ");
    }

    /** Root may write anywhere. */
    private List<String> unprivileged() throws Exception {
        var command = new ArrayList<String>();
        var closed = Files.createDirectory(directory.resolve("closed"));
        run("chmod", "555", closed.toString());
        if (Files.isWritable(closed)) {
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.addAll(List.of("./run.sh", "--set", "prediction-log.max-retry-delay=200ms"));
        return command;
    }

    private static double restorations(AugurProcess augur) throws Exception {
        return augur.meter("augur_prediction_log_restorations_total");
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
