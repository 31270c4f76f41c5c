package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.LogProgram;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger in a process that is killed at random, or whose disk is full. The profile {@code crash} makes many more rounds. */
class LedgerCrashTest {
    private static final int ROUNDS = Integer.getInteger("augur.crash.rounds", 5);
    private static final int SMALL_SEGMENT = 1 << 18;

    @TempDir
    Path directory;

    @Test
    void everythingAcknowledgedSurvivesEveryKillOnceAndWithoutAGap() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var acknowledged = new ArrayList<String>();
        for (int round = 0; round < ROUNDS; round++) {
            int last = acknowledged.size();
            var again = List.copyOf(acknowledged.subList(Math.max(0, last - 50), last));
            boolean fsync = random.nextInt(3) == 0;
            try (var program = launch(List.of(), "k" + round, fsync, SMALL_SEGMENT, again)) {
                int lines = random.nextInt(fsync ? 20 : 100) + 1;
                eventually(() -> program.out().size() >= lines || !program.alive());
                assertThat(program.alive())
                        .as(program.out() + " " + program.err())
                        .isTrue();
                program.signal("KILL");
                assertThat(program.exitCode()).isEqualTo(137);
                acknowledged(program).stream().filter(id -> !again.contains(id)).forEach(acknowledged::add);
            }
            assertThat(LedgerCheck.of(folder()).fault())
                    .as("round %d, seed %d", round, seed)
                    .isNull();
        }
        recover();
        var records = TestServer.records(directory);
        assertThat(records)
                .extracting(line -> line.getString("record_id"))
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(acknowledged);
        assertThat(records)
                .extracting(line -> line.getLong("seq"))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, records.size()).boxed().toList());
        assertThat(LedgerCheck.of(folder()).tornBytes()).isZero();
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    /** A limit on the size of files stands for the full disk; it is lifted while the process runs. */
    @Test
    void aFullDiskRefusesAndAcknowledgesAgainWhenThereIsRoom() throws Exception {
        var limited = List.of("bash", "-c", "ulimit -S -f 300; exec \"$@\"", "limited");
        try (var program = launch(limited, "full", /* fsync= */ false, 1 << 24, List.of())) {
            eventually(() -> program.out().contains("refused .") || !program.alive());
            int before = acknowledged(program).size();
            assertThat(before).isPositive();
            assertThat(Files.size(newest())).isLessThanOrEqualTo(300 * 1_024);
            assertThat(LedgerCheck.of(folder()).fault()).isNull();

            run("prlimit", "--pid", String.valueOf(program.pid()), "--fsize=unlimited");

            eventually(() -> acknowledged(program).size() > before + 1_000 || !program.alive());
            program.signal("KILL");
            assertThat(program.exitCode()).isEqualTo(137);
            recover();
            assertThat(TestServer.records(directory))
                    .extracting(line -> line.getString("record_id"))
                    .doesNotHaveDuplicates()
                    .containsAll(acknowledged(program));
            assertThat(LedgerCheck.of(folder()).fault()).isNull();
        }
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
                            + " write (data.directory)");
        }
    }

    private AugurProcess launch(List<String> wrapper, String prefix, boolean fsync, long segment, List<String> again)
            throws IOException {
        var command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                LogProgram.class.getName(),
                directory.toString(),
                prefix,
                String.valueOf(fsync),
                String.valueOf(segment)));
        command.addAll(again);
        return AugurProcess.launch(Map.of(), command);
    }

    /** What the program said whole; a kill may cut its last word. */
    private static List<String> acknowledged(AugurProcess program) {
        return program.out().stream()
                .filter(line -> line.startsWith("acked ") && line.endsWith(" ."))
                .flatMap(line -> List.of(line.substring(6, line.length() - 2).split(" ")).stream())
                .toList();
    }

    private void recover() throws IOException {
        var config = new LedgerConfig(false, SMALL_SEGMENT, LedgerConfig.Retention.ALL, Long.MAX_VALUE);
        Ledger.open(directory, config).close();
    }

    private WriterFolder folder() throws IOException {
        return WriterFolder.in(directory).get(0);
    }

    private Path newest() throws IOException {
        var segments = folder().segments();
        return segments.get(segments.size() - 1);
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
