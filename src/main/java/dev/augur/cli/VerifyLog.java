package dev.augur.cli;

import dev.augur.config.ConfigException;
import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.predictionlog.ledger.WriterFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code verify-log}: checks every line of the prediction log, also while it is written. Exit codes: 0 when every
 * record is as it was written, 1 when something is not, which is named, or cannot be read, 2 when there is no log or no
 * record, 3 when all that is there is as it was written and gaps are noted. One thread; blocks.
 */
@Command(
        name = VerifyLog.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Checks that no record of the prediction log was altered, removed or moved; names the first fault of each writer.",
            "Exit code: 0 no fault, 1 a fault, 2 no log or no record there, 3 no fault but for gaps noted by a repair or by the server."
        })
final class VerifyLog implements Callable<Integer> {
    static final String NAME = "verify-log";

    private static final int FAULTY = 1;
    private static final int MISUSED = 2;
    private static final int GAPS = 3;
    private static final double MEGA = 1e6;

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "The log, or one writer's folder in it (default: predictions in data.directory).")
    private @Nullable Path folder;

    @Option(names = "--allow-empty", description = "A log without records is no fault.")
    private boolean allowEmpty;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Configured program;

    private final PrintStream out;
    private final PrintStream err;

    VerifyLog() {
        this.out = System.out;
        this.err = System.err;
    }

    /** For another command: tells all in one place, and takes a log without records. */
    VerifyLog(PrintStream out) {
        this.out = out;
        this.err = out;
        this.allowEmpty = true;
    }

    /** Checks the log in that folder. */
    int check(Path log) throws IOException {
        return verify(log, WriterFolder.in(log));
    }

    @Override
    public Integer call() {
        try {
            var chosen = folder == null ? program.configuration().predictionsDirectory() : folder;
            if (!Files.isDirectory(chosen)) {
                err.println(chosen + ": no such folder");
                return MISUSED;
            }
            return check(chosen);
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            return MISUSED;
        } catch (IOException e) {
            err.println("cannot be read: " + e);
            return FAULTY;
        }
    }

    private int verify(Path chosen, List<WriterFolder> writers) throws IOException {
        long begun = System.nanoTime();
        long records = 0;
        long bytes = 0;
        var codes = new TreeSet<Integer>();
        for (WriterFolder writer : writers) {
            var result = LedgerCheck.of(writer);
            print(result);
            records += result.records();
            bytes += result.bytes();
            codes.add(code(writer, result));
        }
        if (records == 0 && !allowEmpty) {
            codes.add(MISUSED);
            err.println(
                    chosen + ": holds no record; expected is the folder predictions in data.directory, or one of the"
                            + " folders writer-… in it; --allow-empty takes a log without records");
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        int code = codes.stream().filter(each -> each != 0).findFirst().orElse(0);
        out.printf(
                Locale.ROOT,
                "%s: %d records, %.1f MB of %d writers in %.2f s, %.0f MB/s%n",
                List.of("OK", "FAULTY", "EMPTY", "GAPS").get(code),
                records,
                bytes / MEGA,
                writers.size(),
                seconds,
                bytes / MEGA / seconds);
        return code;
    }

    private int code(WriterFolder writer, LedgerCheck.Result result) throws IOException {
        if (result.fault() != null) {
            return FAULTY;
        }
        if (writer.segments().isEmpty() && !allowEmpty) { // a writer has one from its start on
            err.println(writer.path() + ": holds no file of a writer: it was emptied, or never begun");
            return MISUSED;
        }
        return result.gaps().isEmpty() ? 0 : GAPS;
    }

    private void print(LedgerCheck.Result result) {
        out.printf(
                Locale.ROOT,
                "%s: seq %d to %d, %d records, %.1f MB, last hash %s%n",
                result.writer(),
                result.firstSeq(),
                result.lastSeq(),
                result.records(),
                result.bytes() / MEGA,
                result.lastHash());
        if (result.tornBytes() > 0) {
            out.println("  " + result.tornBytes()
                    + " bytes of a line that is being written, or that a crash left behind, at the end");
        }
        if (result.removedThrough() > 0) {
            out.println("  retention removed seq 1 to " + result.removedThrough());
        }
        result.gaps().forEach(gap -> out.println("  gap: " + gap));
        result.setAside().forEach(file -> out.println("  set aside: " + file));
        if (result.fault() != null) {
            err.println("FAULT " + result.fault());
        }
    }
}
