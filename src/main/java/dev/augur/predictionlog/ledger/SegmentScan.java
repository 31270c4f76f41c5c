package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What one segment holds. Immutable, thread-safe.
 *
 * @param file the segment
 * @param before what its first line says of the line before; if it has no line, the seq from its name and an empty hash
 * @param end its last whole line up to which all lines are as they were written; if it has none, {@code before}
 * @param wholeBytes the length of those lines
 * @param tornBytes what stands after the last line feed
 * @param fault the first thing wrong, if any; a torn end is none
 */
record SegmentScan(
        Path file, ChainPoint before, ChainPoint end, long wholeBytes, long tornBytes, @Nullable Fault fault) {

    /** Called for each line that is as it was written; the reader stands on it. */
    @FunctionalInterface
    interface Visitor {
        void line(SegmentReader reader, long seq) throws IOException;
    }

    /** Whether no whole line stands in it. */
    boolean empty() {
        return wholeBytes == 0;
    }

    /** Lines without a fault. */
    long lines() {
        return end.seq() - before.seq();
    }

    /** Checks every line, up to the first fault. Blocks. */
    static SegmentScan whole(Path file, String writer, Visitor visitor) throws IOException {
        long seq = WriterFolder.firstSeq(file);
        var check = new ChainCheck(writer, seq);
        try (var reader = new SegmentReader(file, 0)) {
            for (long line = 1; reader.next(); line++, seq++) {
                var what = check.fault(reader.buffer(), reader.from(), reader.to());
                if (what != null) {
                    return of(file, check, reader.lineOffset(), 0, new Fault(file, line, what));
                }
                visitor.line(reader, seq);
            }
            return of(file, check, reader.offset(), reader.tornBytes(), null);
        }
    }

    /** Checks the first and the last line only, and takes what is between as given. Blocks. */
    static SegmentScan ends(Path file, String writer) throws IOException {
        var first = new ChainCheck(writer, WriterFolder.firstSeq(file));
        try (var reader = new SegmentReader(file, 0);
                var backward = BackwardLines.open(file)) {
            if (!reader.next()) {
                return of(file, first, 0, reader.tornBytes(), null);
            }
            var what = first.fault(reader.buffer(), reader.from(), reader.to());
            if (what != null) {
                return of(file, first, 0, 0, new Fault(file, 1, what));
            }
            long bytes = backward.offset();
            long torn = backward.size() - bytes;
            var line = backward.next();
            long seq = line == null ? -1 : first.wholeSeq(line, 0, line.length);
            if (line == null || seq < 0) {
                return of(file, first, bytes, torn, new Fault(file, 0, "the last line was altered"));
            }
            var end = new ChainPoint(seq, LineFormat.digits(line, LineFormat.hashAt(line.length)));
            return new SegmentScan(file, first.before(), end, bytes, torn, null);
        }
    }

    private static SegmentScan of(Path file, ChainCheck check, long wholeBytes, long tornBytes, @Nullable Fault fault) {
        return new SegmentScan(file, check.before(), check.end(), wholeBytes, tornBytes, fault);
    }
}
