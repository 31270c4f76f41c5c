package dev.augur.predictionlog.ledger;

import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Removes the oldest segments that are too old or too many, whole and in order. A segment is as old as the time in its
 * last record; where a clock was wrong and that time lies ahead, the segment and all after it stay. One thread; blocks.
 */
final class Removal {

    private final WriterFolder folder;
    private final LedgerConfig.Retention retention;
    private ChainPoint announced = ChainPoint.GENESIS;

    Removal(WriterFolder folder, LedgerConfig.Retention retention) {
        this.folder = folder;
        this.retention = retention;
    }

    /** What the writer has to do with it. */
    interface Steps {
        /**
         * Puts a line into the chain, so that nobody else can pretend it, and forces it, before anything is removed.
         */
        void announce(LedgerEntry entry) throws IOException;

        /** This segment is gone. */
        void removed(Path segment);
    }

    /**
     * Removes what may go.
     *
     * @param oldestNeeded the smallest seq that is still needed; the segment with it and all after it stay
     * @return the segments removed
     * @throws IOException if a segment cannot be read or removed; those before it may be gone
     */
    List<Path> run(long oldestNeeded, Instant now, Steps steps) throws IOException {
        var segments = folder.segments();
        int count = removable(segments, oldestNeeded, now);
        var removed = segments.subList(0, count);
        if (count > 0) {
            var through = lastPoint(removed.get(count - 1));
            if (!through.equals(announced)) { // a segment that cannot be removed is tried again and again
                steps.announce(Witness.retention(through, count, now));
                announced = through;
            }
            folder.markers().retained(through);
        }
        for (Path segment : removed) {
            Files.delete(segment);
            steps.removed(segment);
        }
        return removed;
    }

    private int removable(List<Path> segments, long oldestNeeded, Instant now) throws IOException {
        long total = 0;
        for (Path segment : segments) {
            total += Files.size(segment);
        }
        int count = 0;
        while (count + 1 < segments.size()
                && WriterFolder.firstSeq(segments.get(count + 1)) <= oldestNeeded
                && (tooMuch(total) || tooOld(segments.get(count), now))) {
            total -= Files.size(segments.get(count));
            count++;
        }
        return count;
    }

    private boolean tooMuch(long bytes) {
        return retention.bytes() > 0 && bytes > retention.bytes();
    }

    private boolean tooOld(Path segment, Instant now) throws IOException {
        if (retention.age().isZero()) {
            return false;
        }
        try (var lines = BackwardLines.open(segment)) {
            var last = lines.next();
            var time = last == null ? null : LineJson.text(last, 0, last.length, RecordField.RECEIVED_AT);
            return time != null && Duration.between(Instant.parse(time), now).compareTo(retention.age()) > 0;
        } catch (DateTimeException e) {
            throw new IOException(segment + ": the last line has no time that can be read", e);
        }
    }

    private ChainPoint lastPoint(Path segment) throws IOException {
        var scan = SegmentScan.ends(segment, folder.id());
        if (scan.fault() != null) {
            throw new DamagedLedgerException(scan.fault());
        }
        return scan.end();
    }
}
