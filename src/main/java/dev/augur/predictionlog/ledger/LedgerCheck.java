package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks every line of a ledger, while it is written or not. Memory is a block and a line for each segment being read.
 * Thread-safe; blocks, and uses all cores.
 */
public final class LedgerCheck {
    private static final int TRIES = 5;

    private LedgerCheck() {}

    /**
     * What was found of one writer.
     *
     * @param writer its name
     * @param removedThrough the last line that retention removed, 0 if it removed none
     * @param records lines that are as they were written
     * @param firstSeq the first of them, 0 if there is none
     * @param lastSeq the last of them
     * @param lastHash its hash
     * @param bytes their length
     * @param tornBytes what stands after the last whole line: being written, or left behind by a crash; no fault
     * @param gaps holes that were noted, by a repair or while the server ran, in words; no fault
     * @param setAside files in {@code damaged/}, by name and size
     * @param fault the first thing wrong, if any
     */
    public record Result(
            String writer,
            long removedThrough,
            long records,
            long firstSeq,
            long lastSeq,
            String lastHash,
            long bytes,
            long tornBytes,
            List<String> gaps,
            List<String> setAside,
            @Nullable Fault fault) {
        public Result {
            gaps = List.copyOf(gaps);
            setAside = List.copyOf(setAside);
        }
    }

    /**
     * Checks one writer. A file that cannot be read is a fault.
     *
     * @throws IOException if the folder cannot be listed
     */
    public static Result of(WriterFolder folder) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return check(folder);
            } catch (DamagedLedgerException e) {
                return faulty(folder, e.fault());
            } catch (NoSuchFileException e) { // retention removed it between listing and reading
                if (tries == TRIES) {
                    return faulty(folder, new Fault(Path.of(e.getFile()), 0, "is missing"));
                }
            } catch (IOException e) {
                return faulty(folder, new Fault(folder.path(), 0, "cannot be read: " + e));
            }
        }
    }

    private static Result faulty(WriterFolder folder, Fault fault) throws IOException {
        return result(folder, List.of(), new ChainLinks(folder, ChainPoint.GENESIS, List.of()), fault);
    }

    /** What is known before reading is read first: a writer that is alive only adds to it. */
    private static Result check(WriterFolder folder) throws IOException {
        var markers = folder.markers();
        var head = markers.head().orElse(null);
        var segments = folder.segments();
        var retained = markers.retained();
        var witness = new Witness();
        var scans = witness.scan(folder, segments, Long.MAX_VALUE, head);
        var links = new ChainLinks(folder, retained, markers.gaps());
        var strangers = folder.strangers();
        var fault = links.firstFault(scans, head, witness.hashAtHead());
        if (!strangers.isEmpty()) {
            fault = strangers.get(0);
        } else if (fault == null && !retained.equals(ChainPoint.GENESIS) && !witness.confirms(retained)) {
            fault = Witness.unconfirmed(markers, retained);
        }
        if (fault != null && !retained.equals(markers.retained())) {
            throw new NoSuchFileException(folder.path().toString());
        }
        return result(folder, scans, links, fault);
    }

    private static Result result(WriterFolder folder, List<SegmentScan> scans, ChainLinks links, @Nullable Fault fault)
            throws IOException {
        var gaps = new ArrayList<String>();
        links.passed()
                .forEach(gap -> gaps.add(
                        gap.missing() + ", noted at " + gap.notedAt() + ": " + String.join("; ", gap.reasons())));
        return new Result(
                folder.id(),
                links.removedThrough(),
                scans.stream().mapToLong(SegmentScan::lines).sum(),
                scans.isEmpty() ? 0 : scans.get(0).before().seq() + 1,
                links.end().seq(),
                links.end().hash(),
                scans.stream().mapToLong(SegmentScan::wholeBytes).sum(),
                scans.isEmpty() ? 0 : scans.get(scans.size() - 1).tornBytes(),
                gaps,
                folder.setAside(),
                fault);
    }
}
