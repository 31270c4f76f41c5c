package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import dev.augur.predictionlog.ledger.WriterFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the ledger costs over a raw append of the same bytes by one thread, with a write for each group or for each
 * record; and how fast it is checked. Prints, for each record size and fsync, the median of interleaved rounds. From
 * the project's folder:
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp
 * java -cp target/classes:target/test-classes:$(cat target/cp) dev.augur.predictionlog.LedgerSpeed FOLDER
 * </pre>
 */
public final class LedgerSpeed {
    private static final int GROUP = 64;
    private static final int ROUNDS = 7;
    private static final double MEGA = 1e6;

    private final Path folder;
    private final RecordJson encoder = new RecordJson();

    private LedgerSpeed(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        var speed = new LedgerSpeed(Files.createTempDirectory(Path.of(arguments[0]), "speed"));
        System.out.println(
                "records/s: size fsync | raw, a write per group | raw, a write per record | ledger (over each) | ledger and JSON");
        for (boolean fsync : new boolean[] {false, true}) {
            for (int bytes : new int[] {500, 5_000}) {
                speed.compare(bytes, fsync);
            }
        }
    }

    private void compare(int bytes, boolean fsync) throws Exception {
        int groups = fsync ? 40 : 100_000_000 / bytes / GROUP;
        double[][] seconds = new double[4][ROUNDS];
        int line = 0;
        for (int round = -1; round < ROUNDS; round++) { // the first warms up
            var lines = new ArrayList<Integer>();
            double ledger = ledger(bytes, fsync, groups, /* json= */ false, lines);
            double json = ledger(bytes, fsync, groups, /* json= */ true, lines);
            line = lines.get(0);
            double raw = raw(line * GROUP, fsync ? 1 : 0, groups);
            double single = raw(line, fsync ? GROUP : 0, groups * GROUP);
            if (round >= 0) {
                seconds[0][round] = raw;
                seconds[1][round] = ledger;
                seconds[2][round] = json;
                seconds[3][round] = single;
            }
        }
        double count = (double) groups * GROUP;
        double raw = median(seconds[0]);
        System.out.printf(
                "%d %s | %.0f | %.0f | %.0f (%.2f, %.2f) | %.0f   lines of %d bytes%n",
                bytes,
                fsync,
                count / raw,
                count / median(seconds[3]),
                count / median(seconds[1]),
                raw / median(seconds[1]),
                median(seconds[3]) / median(seconds[1]),
                count / median(seconds[2]),
                line);
    }

    private double ledger(int bytes, boolean fsync, int groups, boolean json, List<Integer> lineBytes)
            throws Exception {
        var directory = Files.createDirectory(folder.resolve("ledger"));
        var config = new LedgerConfig(fsync, 64 << 20, LedgerConfig.Retention.ALL, 0);
        try (var ledger = Ledger.open(directory, config)) {
            var writer = new GroupWriter(ledger);
            var pad = "x".repeat(Math.max(0, bytes - 440));
            long nanos = 0;
            for (int group = 0; group < groups; group++) {
                var records = new ArrayList<PredictionRecord>();
                var entries = new ArrayList<LedgerEntry>();
                for (int i = 0; i < GROUP; i++) {
                    var record = record(group + "-" + i, pad);
                    records.add(record);
                    entries.add(
                            new LedgerEntry(record.recordId(), json ? "{\"a\":1}".getBytes() : encoder.encode(record)));
                }
                long begun = System.nanoTime();
                var lines =
                        json ? writer.write(List.of(RecordGroup.of(records))).lines() : ledger.append(entries);
                nanos += System.nanoTime() - begun;
                lineBytes.add(lines.get(0).remaining() + 1);
            }
            if (!fsync && !json) {
                check(directory);
            }
            return nanos / 1e9;
        } finally {
            delete(directory);
        }
    }

    private double raw(int bytes, int force, int writes) throws Exception {
        var file = folder.resolve("raw");
        var group = ByteBuffer.allocateDirect(bytes);
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long begun = System.nanoTime();
            for (int i = 0; i < writes; i++) {
                group.clear();
                while (group.hasRemaining()) {
                    var unused = out.write(group);
                }
                if (force > 0 && i % force == force - 1) {
                    out.force(false);
                }
            }
            return (System.nanoTime() - begun) / 1e9;
        } finally {
            Files.delete(file);
        }
    }

    private static void check(Path directory) throws IOException {
        long begun = System.nanoTime();
        var result = LedgerCheck.of(WriterFolder.in(directory).get(0));
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "  checked %.0f MB at %.0f MB/s, fault %s%n",
                result.bytes() / MEGA, result.bytes() / MEGA / seconds, result.fault());
    }

    private static PredictionRecord record(String id, String pad) {
        return LedgerTest.record(id, Map.of("feature_value", 21.0, "pad", pad));
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void delete(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
