package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.NewestFirst;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one writer while a page is made, the newest first; the next one is looked at before it is taken. One
 * thread; blocks.
 */
final class Tail implements Closeable {
    private final NewestFirst lines;
    private final String writer;
    private Cursor place; // before the line taken last
    private @Nullable LedgerLine line;
    private RecordHead head;
    private int stragglers;
    private final boolean fresh; // not read by pages before
    private final long last; // the seq of the first line looked at; 0 if there is none

    private Tail(String writer, NewestFirst lines, @Nullable WriterPlace from) throws IOException {
        this.writer = writer;
        this.lines = lines;
        this.fresh = from == null;
        this.stragglers = from == null ? 0 : from.stragglers();
        this.place = Cursor.start(writer);
        this.head = RecordHead.of(new byte[0]);
        look();
        if (line != null) {
            place = line.after();
        }
        this.last = place.seq();
    }

    static Tail newest(WriterFolder folder) throws IOException {
        return of(folder, NewestFirst.of(folder), null);
    }

    static Tail before(WriterFolder folder, WriterPlace place) throws IOException {
        return place.unread() ? newest(folder) : of(folder, NewestFirst.before(folder, place.cursor()), place);
    }

    private static Tail of(WriterFolder folder, NewestFirst lines, @Nullable WriterPlace from) throws IOException {
        try {
            return new Tail(folder.id(), lines, from);
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    boolean done() {
        return line == null;
    }

    /** The next line's record; not to be asked when done. */
    RecordHead head() {
        return head;
    }

    /** When the next line's record was received; the beginning of time where it does not say. */
    Instant time() {
        return Objects.requireNonNullElse(head.receivedAt(), Instant.MIN);
    }

    /** Takes the next line; not to be asked when done. */
    LedgerLine take() throws IOException {
        var taken = Objects.requireNonNull(line);
        place = taken.before();
        look();
        return taken;
    }

    /** Notes whether the line taken last was older than asked for; ends the tail after so many in a row. */
    void note(boolean older, int limit) {
        stragglers = older ? stragglers + 1 : 0;
        if (stragglers >= limit) {
            line = null;
        }
    }

    WriterPlace place() {
        return line == null ? WriterPlace.done(writer) : new WriterPlace(place, stragglers);
    }

    /**
     * What the run of pages reads here, as it is now; {@code null} if pages before have begun and did not say.
     *
     * @param known what they said
     * @param stored the last line that counts
     */
    @Nullable
    WriterRun run(@Nullable WriterRun known, long stored) {
        if (!fresh && known == null) {
            return null;
        }
        long through = known == null || fresh ? Math.min(last, stored) : known.through();
        return new WriterRun(writer, line == null ? place.seq() : through, through);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void look() throws IOException {
        line = lines.next();
        if (line != null) {
            head = RecordHead.of(line.bytes());
        }
    }
}
