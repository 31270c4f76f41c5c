package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one writer, the last first, as far as the caller likes. It returns whole lines only and does not
 * check hashes; what is written meanwhile is not seen. Memory is one line and a block. One user at a time; blocks.
 */
public final class NewestFirst implements Closeable {
    private final WriterFolder folder;
    private final byte[] start;
    private final List<Path> segments;
    private int next;
    private long offset;
    private @Nullable BackwardLines lines;

    private NewestFirst(WriterFolder folder, List<Path> segments, long offset) {
        this.folder = folder;
        this.start = LineFormat.start(folder.id());
        this.segments = segments;
        this.next = segments.size() - 1;
        this.offset = offset;
    }

    /** From the last line on. */
    public static NewestFirst of(WriterFolder folder) throws IOException {
        return new NewestFirst(folder, folder.segments(), Long.MAX_VALUE);
    }

    /** From the line before a place on; the place is one that {@link LedgerLine#before} gave. */
    public static NewestFirst before(WriterFolder folder, Cursor place) throws IOException {
        var older = folder.segments().stream()
                .filter(segment -> WriterFolder.name(segment).compareTo(place.segment()) <= 0)
                .toList();
        boolean there = !older.isEmpty()
                && WriterFolder.name(older.get(older.size() - 1)).equals(place.segment());
        return new NewestFirst(folder, older, there ? place.offset() : Long.MAX_VALUE);
    }

    /**
     * The line before; {@code null} where there is none.
     *
     * @throws IOException if a file cannot be read, or a line is none of this writer's
     */
    public @Nullable LedgerLine next() throws IOException {
        while (lines != null || open()) {
            var open = lines;
            var line = open == null ? null : open.next();
            if (open != null && line != null) {
                var segment = segments.get(next + 1);
                long seq = LineFormat.seq(start, line, 0, line.length);
                if (seq < 0) {
                    throw new IOException(segment + ": no line of this writer at byte " + open.offset());
                }
                var before = new Cursor(folder.id(), seq - 1, WriterFolder.name(segment), open.offset());
                return new LedgerLine(before, seq, line);
            }
            close();
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
            lines = null;
        }
    }

    private boolean open() throws IOException {
        if (next < 0) {
            return false;
        }
        try {
            lines = new BackwardLines(segments.get(next), offset);
        } catch (NoSuchFileException removedMeanwhile) { // and all that are older
            next = -1;
            return false;
        }
        next--;
        offset = Long.MAX_VALUE;
        return true;
    }
}
