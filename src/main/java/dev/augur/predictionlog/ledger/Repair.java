package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a damaged ledger one that can be gone on with: keeps every line that is as it was written, sets the others
 * aside, and notes every place where the chain then has a hole. One thread; blocks.
 */
final class Repair {
    private static final int MAX_REASONS = 10;

    private final WriterFolder folder;
    private final Markers markers;
    private final Instant now;
    private final Salvage salvage;
    private final List<String> notes = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<SegmentScan> kept = new ArrayList<>();
    private final Witness witness = new Witness();
    private long used;

    /**
     * A repair.
     *
     * @param reasons what is known already; noted with the first gap
     */
    Repair(WriterFolder folder, Instant now, List<String> reasons) {
        this.folder = folder;
        this.markers = folder.markers();
        this.now = now;
        this.salvage = new Salvage(folder);
        this.reasons.addAll(reasons);
    }

    /**
     * Repairs the writer's files.
     *
     * @param checkBytes how much is checked line by line, from the newest segment backwards
     * @return what was done, nothing if there was no fault
     */
    List<String> run(long checkBytes) throws IOException {
        int known = reasons.size();
        var head = readable(markers::head).orElse(null);
        var retained = readable(() -> Optional.of(markers.retained())).orElse(ChainPoint.GENESIS);
        gaps.addAll(readable(() -> Optional.of(markers.gaps())).orElse(List.of()));
        moveStrangers();
        var segments = folder.segments();
        var scans = witness.scan(folder, segments, checkBytes, head);
        if (!retained.equals(ChainPoint.GENESIS) && checkBytes == Long.MAX_VALUE && !witness.confirms(retained)) {
            reasons.add(Witness.unconfirmed(markers, retained).toString());
            retained = ChainPoint.GENESIS;
            markers.retained(retained);
        }
        if (reasons.size() == known && fault(scans, retained, head) == null) {
            return List.of();
        }
        int before = gaps.size();
        sort(scans);
        var links = new ChainLinks(folder, retained, gaps);
        used = head == null ? 0 : head.end().seq();
        for (int i = 0; i < kept.size(); i++) {
            take(links, kept.get(i), i == kept.size() - 1);
        }
        goOn(links, head);
        markers.gaps(gaps);
        gaps.subList(before, gaps.size()).forEach(gap -> notes.add(folder.path() + ": noted a gap: " + gap.missing()));
        return notes;
    }

    private @Nullable Fault fault(List<SegmentScan> scans, ChainPoint retained, @Nullable Head head) {
        return new ChainLinks(folder, retained, gaps).firstFault(scans, head, witness.hashAtHead());
    }

    private void moveStrangers() throws IOException {
        for (Fault stranger : folder.strangers()) {
            reasons.add(stranger.toString());
            notes.add("moved to " + folder.setAside(stranger.file()) + ": " + stranger);
        }
    }

    /** Keeps whole segments as they are, and takes the others apart. */
    private void sort(List<SegmentScan> scans) throws IOException {
        var damaged = new ArrayList<Path>();
        for (int i = 0; i < scans.size(); i++) {
            var scan = scans.get(i);
            long end = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).end().seq();
            boolean newest = i == scans.size() - 1;
            if (whole(scan, newest) && scan.before().seq() >= end) {
                keep(scan);
            } else {
                damaged.add(scan.file());
                var what = scan.fault() != null ? scan.fault() : new Fault(scan.file(), 0, "does not stand alone");
                reasons.add(what.toString());
                notes.add("taken apart: " + what);
            }
        }
        for (Path segment : damaged) {
            salvage.take(segment, seq -> kept.stream()
                    .anyMatch(scan ->
                            seq > scan.before().seq() && seq <= scan.end().seq()));
        }
        kept.addAll(salvage.write());
        kept.sort(Comparator.comparing(SegmentScan::file));
        salvage.setAside()
                .forEach(file -> notes.add("set aside: " + folder.path().resolve(file)));
        salvage.damages().forEach(damage -> used = Math.max(used, damage.seq()));
    }

    /** The newest may end in a torn line, or have none yet; behind it there may now be others. */
    private void keep(SegmentScan scan) throws IOException {
        if (scan.tornBytes() > 0) {
            notes.add(Recovery.cut(scan));
        }
        if (scan.empty()) {
            Files.delete(scan.file());
        } else {
            kept.add(new SegmentScan(scan.file(), scan.before(), scan.end(), scan.wholeBytes(), 0, null));
        }
    }

    private static boolean whole(SegmentScan scan, boolean newest) {
        return scan.fault() == null && (newest || (!scan.empty() && scan.tornBytes() == 0));
    }

    /** Goes over a segment, with a gap before it if there is a hole. */
    private void take(ChainLinks links, SegmentScan scan, boolean newest) {
        var fault = links.fault(scan, newest);
        if (fault == null) {
            return;
        }
        note(links.end(), scan.before(), fault);
        links.skipTo(scan.before());
        var left = links.fault(scan, newest);
        if (left != null) {
            throw new IllegalStateException("still a fault after a repair: " + left);
        }
    }

    /** After the last good line: in the newest segment that is left, or in a new one if seqs beyond it were used. */
    private void goOn(ChainLinks links, @Nullable Head head) throws IOException {
        var end = links.end();
        var headFault = head == null ? null : links.headFault(kept, head, witness.hashAtHead());
        if (headFault != null) {
            reasons.add(headFault.toString());
        }
        if (head == null && reasons.isEmpty()) {
            reasons.add(new Fault(markers.headFile(), 0, "is missing").toString());
        }
        var next = new ChainPoint(Math.max(used, end.seq()), end.hash());
        if (next.seq() > end.seq() || !reasons.isEmpty()) {
            note(end, next, null);
        }
        if (!kept.isEmpty() && next.equals(end)) {
            markers.head(
                    new Head(end, WriterFolder.name(kept.get(kept.size() - 1).file())));
            return;
        }
        var segment = Files.createFile(folder.segment(next.seq() + 1));
        Markers.forceFolder(folder.path());
        markers.head(new Head(next, WriterFolder.name(segment)));
    }

    private void note(ChainPoint after, ChainPoint before, @Nullable Fault fault) {
        var why = new ArrayList<>(reasons);
        salvage.damages().stream()
                .filter(damage -> damage.seq() > after.seq() && damage.seq() <= before.seq())
                .forEach(damage -> why.add(damage.fault().toString()));
        if (why.isEmpty() && fault != null) {
            why.add(fault.toString());
        }
        if (why.size() > MAX_REASONS) {
            int more = why.size() - MAX_REASONS;
            why.subList(MAX_REASONS, why.size()).clear();
            why.add("and " + more + " more");
        }
        gaps.add(new Gap(after, before, salvage.setAside(), why, now));
        reasons.clear();
    }

    private <T> Optional<T> readable(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (DamagedLedgerException e) {
            reasons.add(e.fault().toString());
            notes.add("replaced: " + e.getMessage());
            return Optional.empty();
        }
    }

    private interface Reading<T> {
        Optional<T> read() throws IOException;
    }
}
