package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Checks every line of a ledger, while it is written or not. Memory is a block and a line for each segment being read. Thread-safe;
 * blocks, and uses all cores.
 */
public final class LedgerCheck {
    private static final int TRIES = 5;

    private LedgerCheck() {}

    /**
     * What was found of one writer.
     *
     * @param writer its name
     * @param records lines that are as they were written
     * @param firstSeq the first of them, 0 if there is none
     * @param lastSeq the last of them
     * @param lastHash its hash
     * @param bytes their length
     * @param tornBytes what stands after the last whole line: being written, or left behind by a crash; no fault
     * @param gaps holes that a repair noted, in words; no fault
     * @param fault the first thing wrong, if any
     */
    public record Result(
            String writer,
            long records,
            long firstSeq,
            long lastSeq,
            String lastHash,
            long bytes,
            long tornBytes,
            List<String> gaps,
            @Nullable Fault fault) {
        public Result {
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * Checks one writer.
     *
     * @throws IOException if a file cannot be read
     */
    public static Result of(WriterFolder folder) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return check(folder);
            } catch (DamagedLedgerException e) {
                return result(folder, List.of(), new ChainLinks(folder, ChainPoint.GENESIS, List.of()), e.fault());
            } catch (NoSuchFileException e) { // retention removed it between listing and reading
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** What is known before reading is read first: a writer that is alive only adds to it. */
    private static Result check(WriterFolder folder) throws IOException {
        var head = folder.markers().head();
        var segments = folder.segments();
        var retained = folder.markers().retained();
        long headSeq = head.map(known -> known.end().seq()).orElse(-1L);
        var hashAtHead = new AtomicReference<@Nullable String>();
        var scans = scan(segments, folder.id(), (line, seq) -> {
            if (seq == headSeq) {
                hashAtHead.set(LineFormat.digits(line.buffer(), LineFormat.hashAt(line.to())));
            }
        });
        var links = new ChainLinks(folder, retained, folder.markers().gaps());
        var fault = links.firstFault(scans, head, Optional.ofNullable(hashAtHead.get()));
        if (fault != null && !retained.equals(folder.markers().retained())) {
            throw new NoSuchFileException(folder.path().toString());
        }
        return result(folder, scans, links, fault);
    }

    private static List<SegmentScan> scan(List<Path> segments, String writer, SegmentScan.Visitor visitor)
            throws IOException {
        try {
            return segments.parallelStream()
                    .map(segment -> {
                        try {
                            return SegmentScan.whole(segment, writer, visitor);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Result result(
            WriterFolder folder, List<SegmentScan> scans, ChainLinks links, @Nullable Fault fault) {
        var gaps = new ArrayList<String>();
        links.passed()
                .forEach(gap ->
                        gaps.add(gap.missing() + ", noted by a repair at " + gap.notedAt() + ": " + gap.reasons()));
        return new Result(
                folder.id(),
                scans.stream().mapToLong(SegmentScan::lines).sum(),
                scans.isEmpty() ? 0 : scans.get(0).before().seq() + 1,
                links.end().seq(),
                links.end().hash(),
                scans.stream().mapToLong(SegmentScan::wholeBytes).sum(),
                scans.isEmpty() ? 0 : scans.get(scans.size() - 1).tornBytes(),
                gaps,
                fault);
    }
}
