package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows one writer from a cursor on, over the changes of segments and while it writes. It returns whole lines only,
 * in the order of their seq, each once, and does not check hashes. Where retention or a repair has taken lines away, it
 * goes on with the next that is there: the seq shows the hole. Memory is what the limit allows and one line. One user
 * at a time; blocks, but does not wait for new lines.
 */
public final class LedgerReader implements Closeable {
    private final WriterFolder folder;
    private final byte[] start;
    private Cursor cursor;
    private @Nullable Path segment;
    private @Nullable SegmentReader reader;
    private boolean limited; // the next line is beyond what may be read yet

    /** A reader of what comes after the cursor. */
    public LedgerReader(WriterFolder folder, Cursor from) {
        if (!folder.id().equals(from.writer())) {
            throw new IllegalArgumentException("a cursor of " + from.writer() + " in " + folder.path());
        }
        this.folder = folder;
        this.start = LineFormat.start(folder.id());
        this.cursor = from;
    }

    /**
     * The next lines; none if there is nothing new.
     *
     * @throws IOException if a file cannot be read, or a line is none of this writer's; the next call tries the same
     *     again
     */
    public List<LedgerLine> poll(ReadLimit limit) throws IOException {
        var lines = new ArrayList<LedgerLine>();
        limited = false;
        try {
            long bytes = 0;
            while (lines.size() < limit.lines() && bytes < limit.bytes()) {
                var line = next(limit.throughSeq());
                if (line == null) {
                    break;
                }
                bytes += line.bytes().length;
                lines.add(line);
            }
            return lines;
        } finally {
            if (reader != null) {
                reader.seek(cursor.offset()); // what was read ahead may be cut off and written again
            }
        }
    }

    /** The place after what the last {@link #poll} returned. */
    public Cursor cursor() {
        return cursor;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
            segment = null;
        }
    }

    private @Nullable LedgerLine next(long throughSeq) throws IOException {
        while (reader != null || open()) {
            var line = nextInSegment(throughSeq);
            if (line != null || limited || !moveOn()) {
                return line;
            }
        }
        return null;
    }

    private @Nullable LedgerLine nextInSegment(long throughSeq) throws IOException {
        var open = reader;
        while (open != null && open.next()) {
            long seq = LineFormat.seq(start, open.buffer(), open.from(), open.to());
            if (seq < 0) {
                throw new IOException(segment + ": no line of this writer at byte " + open.lineOffset());
            }
            if (seq > throughSeq) {
                limited = true;
                return null;
            }
            var before = new Cursor(folder.id(), cursor.seq(), cursor.segment(), open.lineOffset());
            if (seq > cursor.seq()) {
                var line = new LedgerLine(before, seq, open.copy());
                cursor = line.after();
                return line;
            }
        }
        return null;
    }

    /** Goes to the next segment, if there is one and this one is read to its end. */
    private boolean moveOn() throws IOException {
        var open = reader;
        var here = segment;
        if (open == null || here == null) {
            return false;
        }
        var next = after(here);
        if (next == null) {
            return false;
        }
        open.seek(cursor.segment().equals(WriterFolder.name(here)) ? cursor.offset() : 0);
        if (hasMore(open)) { // written between the last read and the change of segment
            return true;
        }
        if (open.tornBytes() > 0) {
            throw new IOException(here + ": ends in a torn line, and further segments follow");
        }
        close();
        return openAt(next, 0);
    }

    private boolean hasMore(SegmentReader open) throws IOException {
        boolean more = open.next();
        if (more) {
            open.seek(open.lineOffset());
        }
        return more;
    }

    private boolean open() throws IOException {
        var known = folder.path().resolve(cursor.segment());
        if (!cursor.segment().isEmpty() && Files.exists(known) && lineBeginsAt(known, cursor.offset())) {
            return openAt(known, cursor.offset());
        }
        Path best = null;
        for (Path candidate : folder.segments()) {
            if (best == null || WriterFolder.firstSeq(candidate) <= cursor.seq() + 1) {
                best = candidate;
            }
        }
        return best != null && openAt(best, 0);
    }

    /** Whether an offset is the end of the whole lines or the beginning of one. */
    private static boolean lineBeginsAt(Path file, long offset) throws IOException {
        if (offset == 0) {
            return true;
        }
        if (offset > Files.size(file)) {
            return false;
        }
        try (var before = new BackwardLines(file, offset)) {
            return before.offset() == offset;
        }
    }

    private boolean openAt(Path file, long offset) throws IOException {
        try {
            reader = new SegmentReader(file, offset);
        } catch (NoSuchFileException removedMeanwhile) {
            return false;
        }
        segment = file;
        cursor = new Cursor(folder.id(), cursor.seq(), WriterFolder.name(file), offset);
        return true;
    }

    private @Nullable Path after(Path here) throws IOException {
        for (Path candidate : folder.segments()) {
            if (WriterFolder.firstSeq(candidate) > WriterFolder.firstSeq(here)) {
                return candidate;
            }
        }
        return null;
    }
}
