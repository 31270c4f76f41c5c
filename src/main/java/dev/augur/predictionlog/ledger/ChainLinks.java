package dev.augur.predictionlog.ledger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether segments follow one another without a hole, from where retention left off to where the head says the writer
 * came. One thread.
 */
final class ChainLinks {
    private final WriterFolder folder;
    private final ChainPoint retained;
    private final List<Gap> noted;
    private final List<Gap> passed = new ArrayList<>();
    private ChainPoint end;
    private boolean begun;

    /**
     * Links of one writer.
     *
     * @param retained the last line removed by retention
     * @param noted gaps that a repair noted, which are no faults
     */
    ChainLinks(WriterFolder folder, ChainPoint retained, List<Gap> noted) {
        this.folder = folder;
        this.retained = retained;
        this.noted = List.copyOf(noted);
        this.end = retained;
    }

    /** The first fault of all segments, oldest first, and the head; {@code null} if there is none. */
    @Nullable
    Fault firstFault(List<SegmentScan> scans, @Nullable Head head, @Nullable String hashAtHead) {
        for (int i = 0; i < scans.size(); i++) {
            var fault = fault(scans.get(i), i == scans.size() - 1);
            if (fault != null) {
                return fault;
            }
        }
        if (head == null) {
            return scans.isEmpty() ? null : new Fault(folder.markers().headFile(), 0, "is missing");
        }
        return headFault(scans, head, hashAtHead);
    }

    /** Adds the next segment; what is wrong with it or before it, or {@code null}. A faulty segment is not added. */
    @Nullable
    Fault fault(SegmentScan scan, boolean newest) {
        if (scan.fault() != null && scan.empty()) {
            return scan.fault();
        }
        var link = linkFault(scan, newest);
        if (link != null) {
            return link;
        }
        if (scan.fault() != null) {
            return scan.fault();
        }
        if (scan.tornBytes() > 0 && !newest) {
            return new Fault(scan.file(), scan.lines() + 1, "is torn, and further segments follow");
        }
        skipTo(scan.empty() ? new ChainPoint(scan.end().seq(), end.hash()) : scan.end());
        return null;
    }

    /** Goes on after another line than the last. */
    void skipTo(ChainPoint point) {
        begun = true;
        end = point;
    }

    /** The last line so far. */
    ChainPoint end() {
        return end;
    }

    /** The last line that retention removed, 0 if none. */
    long removedThrough() {
        return retained.seq();
    }

    /** The noted gaps that were met. */
    List<Gap> passed() {
        return passed;
    }

    private @Nullable Fault linkFault(SegmentScan scan, boolean newest) {
        if (scan.empty() && !newest) {
            return new Fault(scan.file(), 0, "is empty, and further segments follow");
        }
        if (!begun && scan.before().seq() < retained.seq()) {
            return linkToRemoved(scan);
        }
        if (follows(scan, end)) {
            return null;
        }
        for (Gap gap : noted) {
            if (gap.after().equals(end) && follows(scan, gap.before())) {
                passed.add(gap);
                return null;
            }
        }
        return new Fault(scan.file(), scan.empty() ? 0 : 1, "does not follow seq " + end.seq() + ": " + hole(scan));
    }

    /** A segment that retention was about to remove when the process ended. */
    private static @Nullable Fault linkToRemoved(SegmentScan scan) {
        boolean first = scan.before().seq() == 0 && !scan.empty();
        return first && !scan.before().equals(ChainPoint.GENESIS)
                ? new Fault(scan.file(), 1, "is the first of all and has a prev")
                : null;
    }

    private static boolean follows(SegmentScan scan, ChainPoint point) {
        return scan.empty() ? scan.before().seq() == point.seq() : scan.before().equals(point);
    }

    private String hole(SegmentScan scan) {
        long next = scan.before().seq() + 1;
        if (next > end.seq() + 1) {
            return "seq " + (end.seq() + 1) + " to " + (next - 1) + " are missing";
        }
        return next <= end.seq() ? "seq " + next + " stands again" : "its prev is another hash";
    }

    /** Where the segments do not reach what the head says. */
    @Nullable
    Fault headFault(List<SegmentScan> scans, Head head, @Nullable String hashAtHead) {
        var newest =
                scans.isEmpty() ? folder.path() : scans.get(scans.size() - 1).file();
        if (head.end().seq() > end.seq()) {
            return new Fault(
                    newest,
                    0,
                    "ends at seq " + end.seq() + ", but seq " + head.end().seq()
                            + " was written: lines were removed at the end");
        }
        var hash = head.end().seq() == end.seq() ? end.hash() : hashAtHead;
        if (hash != null && !hash.equals(head.end().hash())) {
            return new Fault(
                    newest, 0, "seq " + head.end().seq() + " has another hash than head.json: lines were replaced");
        }
        Path begun = folder.path().resolve(head.segment());
        boolean there = scans.stream().anyMatch(scan -> scan.file().equals(begun));
        boolean removed = !scans.isEmpty() && WriterFolder.firstSeq(begun) <= retained.seq();
        return there || removed
                ? null
                : new Fault(
                        begun,
                        0,
                        "is missing: it was begun after seq " + head.end().seq());
    }
}
