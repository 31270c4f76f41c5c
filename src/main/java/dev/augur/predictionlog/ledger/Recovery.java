package dev.augur.predictionlog.ledger;

import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out, at the start, where a writer goes on. One thread; blocks. */
final class Recovery {

    private final WriterFolder folder;
    private final Markers markers;
    private final RecentIds recentIds = new RecentIds();
    private final List<String> notes = new ArrayList<>();
    private @Nullable String hashAtHead;

    /**
     * Where the writer goes on.
     *
     * @param end the last line
     * @param segment the newest segment, cut to whole lines, if there is one
     * @param bytes its length
     * @param recentIds ids of the records written last
     * @param notes what an operator should know
     */
    record Recovered(ChainPoint end, Optional<Path> segment, long bytes, RecentIds recentIds, List<String> notes) {
        Recovered {
            notes = List.copyOf(notes);
        }

        /** The same with what was said before. */
        Recovered after(List<String> earlier) {
            var all = new ArrayList<>(earlier);
            all.addAll(notes);
            return new Recovered(end, segment, bytes, recentIds, all);
        }
    }

    Recovery(WriterFolder folder) {
        this.folder = folder;
        this.markers = folder.markers();
    }

    /**
     * Checks what is there, and cuts off a torn last line, which was never acknowledged.
     *
     * @param checkBytes how much is checked line by line
     * @throws DamagedLedgerException if something is not as it was written
     */
    Recovered run(long checkBytes) throws IOException {
        var strangers = folder.strangers();
        if (!strangers.isEmpty()) {
            throw new DamagedLedgerException(strangers.get(0));
        }
        var head = markers.head().orElse(null);
        var retained = markers.retained();
        var scans = scan(segments(retained), checkBytes, head);
        var links = new ChainLinks(folder, retained, markers.gaps());
        var fault = links.firstFault(scans, head, hashAtHead);
        if (fault != null) {
            throw new DamagedLedgerException(fault);
        }
        if (scans.isEmpty()) {
            return new Recovered(links.end(), Optional.empty(), 0, recentIds, notes);
        }
        var newest = scans.get(scans.size() - 1);
        if (newest.tornBytes() > 0) {
            notes.add(cut(newest));
        }
        return new Recovered(links.end(), Optional.of(newest.file()), newest.wholeBytes(), recentIds, notes);
    }

    /** The segments, without those that retention was about to remove when the process ended. */
    private List<Path> segments(ChainPoint retained) throws IOException {
        var segments = new ArrayList<>(folder.segments());
        while (segments.size() > 1 && WriterFolder.firstSeq(segments.get(1)) <= retained.seq() + 1) {
            Files.delete(segments.remove(0));
        }
        return segments;
    }

    private List<SegmentScan> scan(List<Path> segments, long checkBytes, @Nullable Head head) throws IOException {
        long headSeq = head == null ? -1 : head.end().seq();
        int whole = firstToCheckWhole(segments, checkBytes);
        var scans = new ArrayList<SegmentScan>();
        for (int i = 0; i < segments.size(); i++) {
            var file = segments.get(i);
            var scan = i < whole
                    ? SegmentScan.ends(file, folder.id())
                    : SegmentScan.whole(file, folder.id(), (line, seq) -> remember(line, seq == headSeq));
            if (scan.end().seq() == headSeq && !scan.empty()) {
                hashAtHead = scan.end().hash();
            }
            scans.add(scan);
        }
        return scans;
    }

    private static int firstToCheckWhole(List<Path> segments, long checkBytes) throws IOException {
        long bytes = 0;
        int first = segments.size();
        while (first > 0 && (first == segments.size() || bytes < checkBytes)) {
            first--;
            bytes += Files.size(segments.get(first));
        }
        return first;
    }

    private void remember(SegmentReader line, boolean head) throws IOException {
        if (head) {
            hashAtHead = LineFormat.digits(line.buffer(), LineFormat.hashAt(line.to()));
        }
        var id = LineJson.text(line.buffer(), line.from(), line.to(), RecordField.RECORD_ID);
        if (id != null) {
            recentIds.add(RecordKey.of(id));
        }
    }

    /** Cuts off what stands after the last whole line; returns what to tell. */
    static String cut(SegmentScan newest) throws IOException {
        try (var file = FileChannel.open(newest.file(), StandardOpenOption.WRITE)) {
            file.truncate(newest.wholeBytes());
            file.force(/* metaData= */ true);
        }
        return newest.file() + ": cut " + newest.tornBytes()
                + " bytes of a torn last line, which was never acknowledged";
    }
}
