package dev.augur;

import dev.augur.config.ConfigException;
import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.predictionlog.ledger.WriterFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code verify-log}: checks every line of the prediction log, also while it is written. Exit codes: 0 when every record is as it was
 * written, 1 when something is not, which is named, or cannot be read, 2 when the folder is none. One thread; blocks.
 */
@Command(
        name = "verify-log",
        mixinStandardHelpOptions = true,
        description = {
            "Checks that no record of the prediction log was altered, removed or moved; names the first fault of each writer.",
            "Exit code: 0 no fault, 1 a fault, 2 no such folder."
        })
final class VerifyLog implements Callable<Integer> {
    private static final int FAULTY = 1;
    private static final int MISUSED = 2;
    private static final double MEGA = 1e6;

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "The log, or one writer's folder in it (default: predictions in data.directory).")
    private @Nullable Path folder;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Augur augur;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    @Override
    public Integer call() {
        try {
            var chosen = folder == null ? augur.configuration().predictionsDirectory() : folder;
            if (!Files.isDirectory(chosen)) {
                err.println(chosen + ": no such folder");
                return MISUSED;
            }
            return verify(WriterFolder.in(chosen));
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            return MISUSED;
        } catch (IOException e) {
            err.println("cannot be read: " + e);
            return FAULTY;
        }
    }

    private int verify(List<WriterFolder> writers) throws IOException {
        long begun = System.nanoTime();
        long records = 0;
        long bytes = 0;
        int faults = 0;
        for (WriterFolder writer : writers) {
            var result = LedgerCheck.of(writer);
            print(result);
            records += result.records();
            bytes += result.bytes();
            faults += result.fault() == null ? 0 : 1;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.printf(
                Locale.ROOT,
                "%s: %d records, %.1f MB of %d writers in %.2f s, %.0f MB/s%n",
                faults == 0 ? "OK" : "FAULTY",
                records,
                bytes / MEGA,
                writers.size(),
                seconds,
                bytes / MEGA / seconds);
        return faults == 0 ? 0 : FAULTY;
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
        result.gaps().forEach(gap -> out.println("  gap: " + gap));
        if (result.fault() != null) {
            err.println("FAULT " + result.fault());
        }
    }
}
