package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The lines of a writer that follow a place, oldest first. Immutable, thread-safe.
 *
 * @param end the place behind the last of them
 */
public record Sequel(List<LedgerLine> lines, Cursor end) {
    /** No further line once so many bytes have been read. */
    static final long MAX_BYTES = 256 << 10;

    private static final Pattern PLACE = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})");

    public Sequel {
        lines = List.copyOf(lines);
    }

    /**
     * A place from what its reader kept.
     *
     * @param text that of {@link #json}, which saves the search; empty if he has none
     * @return empty if the text is none
     */
    public static Optional<Cursor> place(String writer, long seq, String text) {
        if (text.isEmpty()) {
            return Optional.of(new Cursor(writer, seq, "", 0));
        }
        var matcher = PLACE.matcher(text);
        return matcher.matches()
                ? Optional.of(new Cursor(
                        writer,
                        seq,
                        String.format(Locale.ROOT, "%020d.ndjson", Long.parseLong(matcher.group(1))),
                        Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    /** {@code writer}, {@code seq} and, where it is known, {@code place} of the end. */
    public JsonObject position() {
        var json = new JsonObject().put("writer", end.writer()).put("seq", end.seq());
        String segment = end.segment();
        return segment.isEmpty()
                ? json
                : json.put("place", Long.parseLong(segment.substring(0, segment.indexOf('.'))) + ":" + end.offset());
    }

    /** The {@link #position} and the {@code records}, as they stand in the ledger. */
    public Buffer text() {
        String head = position().encode();
        var text = Buffer.buffer(head.substring(0, head.length() - 1)).appendString(",\"records\":[");
        for (int i = 0; i < lines.size(); i++) {
            text.appendString(i == 0 ? "" : ",").appendBytes(lines.get(i).bytes());
        }
        return text.appendString("]}");
    }

    /** The same as an object. */
    public JsonObject json() {
        return new JsonObject(text());
    }
}
