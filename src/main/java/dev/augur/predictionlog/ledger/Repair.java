package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a damaged ledger one that can be gone on with: moves damaged segments aside as they are, and notes every place where the chain
 * then has a hole. One thread; blocks.
 */
final class Repair {
    private final WriterFolder folder;
    private final Markers markers;
    private final Instant now;
    private final List<String> notes = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> setAside = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<SegmentScan> kept = new ArrayList<>();
    private long used;
    private @Nullable String hashAtHead;

    Repair(WriterFolder folder, Instant now) {
        this.folder = folder;
        this.markers = folder.markers();
        this.now = now;
    }

    /** Checks every line of the writer; returns what was done, nothing if there was no fault. */
    List<String> run() throws IOException {
        var head = readable(markers::head);
        var retained = readable(() -> Optional.of(markers.retained())).orElse(ChainPoint.GENESIS);
        gaps.addAll(readable(() -> Optional.of(markers.gaps())).orElse(List.of()));
        var scans = new ArrayList<SegmentScan>();
        for (Path segment : folder.segments()) {
            scans.add(scan(segment, head));
        }
        if (reasons.isEmpty() && fault(scans, retained, head) == null) {
            return List.of();
        }
        var links = new ChainLinks(folder, retained, gaps);
        used = head.map(known -> known.end().seq()).orElse(0L);
        int before = gaps.size();
        for (int i = 0; i < scans.size(); i++) {
            take(links, scans.get(i), i == scans.size() - 1);
        }
        goOn(links, head);
        markers.gaps(gaps);
        gaps.subList(before, gaps.size()).forEach(gap -> notes.add(folder.path() + ": noted a gap: " + gap.missing()));
        return notes;
    }

    private @Nullable Fault fault(List<SegmentScan> scans, ChainPoint retained, Optional<Head> head) {
        return new ChainLinks(folder, retained, gaps).firstFault(scans, head, Optional.ofNullable(hashAtHead));
    }

    private SegmentScan scan(Path segment, Optional<Head> head) throws IOException {
        long headSeq = head.map(known -> known.end().seq()).orElse(-1L);
        return SegmentScan.whole(segment, folder.id(), (line, seq) -> {
            if (seq == headSeq) {
                hashAtHead = LineFormat.digits(line.buffer(), LineFormat.hashAt(line.to()));
            }
        });
    }

    /** Keeps a segment, with a gap before it if there is a hole, or moves it aside. */
    private void take(ChainLinks links, SegmentScan scan, boolean newest) throws IOException {
        var fault = links.fault(scan, newest);
        if (fault != null && scan.before().seq() >= links.end().seq() && whole(scan, newest)) {
            reasons.add(fault.toString());
            var before = scan.empty()
                    ? new ChainPoint(scan.before().seq(), links.end().hash())
                    : scan.before();
            note(links.end(), before);
            links.skipTo(before);
            fault = links.fault(scan, newest);
        }
        if (fault == null) {
            kept.add(scan);
            return;
        }
        reasons.add(fault.toString());
        used = Math.max(used, lastSeq(scan.file()));
        String aside = folder.setAside(scan.file());
        setAside.add(aside);
        notes.add("moved to " + aside + ": " + fault);
    }

    private static boolean whole(SegmentScan scan, boolean newest) {
        return scan.fault() == null && (newest || (!scan.empty() && scan.tornBytes() == 0));
    }

    /** After the last good line: in the newest segment that is left, or in a new one if seqs beyond it were used. */
    private void goOn(ChainLinks links, Optional<Head> head) throws IOException {
        var end = links.end();
        var headFault = head.map(known -> links.headFault(kept, known, Optional.ofNullable(hashAtHead)));
        headFault.ifPresent(fault -> reasons.add(fault.toString()));
        if (head.isEmpty() && reasons.isEmpty()) {
            reasons.add(new Fault(markers.headFile(), 0, "is missing").toString());
        }
        var next = new ChainPoint(Math.max(used, end.seq()), end.hash());
        if (!reasons.isEmpty()) {
            note(end, next);
        }
        if (!kept.isEmpty() && next.equals(end)) {
            markers.head(
                    new Head(end, WriterFolder.name(kept.get(kept.size() - 1).file())));
            return;
        }
        if (!kept.isEmpty()) {
            finish(kept.get(kept.size() - 1));
        }
        var segment = Files.createFile(folder.segment(next.seq() + 1));
        Markers.forceFolder(folder.path());
        markers.head(new Head(next, WriterFolder.name(segment)));
    }

    /** Makes a segment that was the newest one that others may follow. */
    private void finish(SegmentScan scan) throws IOException {
        if (scan.tornBytes() > 0) {
            notes.add(Recovery.cut(scan));
        }
        if (scan.empty()) {
            Files.delete(scan.file());
        }
    }

    private void note(ChainPoint after, ChainPoint before) {
        gaps.add(new Gap(after, before, setAside, reasons, now));
        setAside.clear();
        reasons.clear();
    }

    /** The highest seq that was certainly or probably used in a damaged segment. */
    private long lastSeq(Path segment) throws IOException {
        long last = WriterFolder.firstSeq(segment) - 1;
        long lines = 0;
        var check = new ChainCheck(folder.id(), last + 1);
        try (var reader = new SegmentReader(segment, 0)) {
            long highest = last;
            while (reader.next()) {
                lines++;
                highest = Math.max(highest, check.wholeSeq(reader.buffer(), reader.from(), reader.to()));
            }
            return Math.max(highest, last + lines);
        }
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
