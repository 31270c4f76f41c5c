package dev.augur.predictionlog.reading;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.augur.predictionlog.ledger.Cursor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a question goes on: for each writer there was when it began, the line before which to read on. What is appended
 * later is behind it, so pages neither repeat nor miss a record. Immutable, thread-safe.
 */
public record PagePlace(List<WriterPlace> writers) {
    private static final String PREFIX = "writer-";
    private static final int FIELDS = 4;

    public PagePlace {
        writers = List.copyOf(writers);
    }

    /**
     * How far one writer has been read.
     *
     * @param cursor the place before which to read on
     * @param stragglers lines in a row that were older than asked for; -1 if nothing is left to read
     */
    record WriterPlace(Cursor cursor, int stragglers) {
        boolean done() {
            return stragglers < 0;
        }
    }

    /** As text that may stand in a URL as it is. */
    public String text() {
        var fields = new ArrayList<String>();
        for (WriterPlace writer : writers) {
            var segment = writer.cursor().segment();
            fields.add(writer.cursor().writer().substring(PREFIX.length()));
            fields.add(segment.isEmpty() ? "0" : digits(Long.parseLong(segment.substring(0, segment.indexOf('.')))));
            fields.add(digits(writer.cursor().offset()));
            fields.add(digits(writer.stragglers()));
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join("/", fields).getBytes(UTF_8));
    }

    /** The place from its text; empty if that is none. */
    public static Optional<PagePlace> of(String text) {
        try {
            var fields = new String(Base64.getUrlDecoder().decode(text), UTF_8).split("/", -1);
            if (fields.length % FIELDS != 0) {
                return Optional.empty();
            }
            var writers = new ArrayList<WriterPlace>();
            for (int i = 0; i < fields.length; i += FIELDS) {
                writers.add(writer(fields, i));
            }
            return Optional.of(new PagePlace(writers));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static WriterPlace writer(String[] fields, int at) {
        long segment = number(fields[at + 1]);
        long offset = number(fields[at + 2]);
        int stragglers = Math.toIntExact(Math.max(-1, Long.parseLong(fields[at + 3], Character.MAX_RADIX)));
        var cursor = new Cursor(PREFIX + fields[at], 0, String.format(Locale.ROOT, "%020d.ndjson", segment), offset);
        return new WriterPlace(cursor, stragglers);
    }

    private static long number(String text) {
        long number = Long.parseLong(text, Character.MAX_RADIX);
        if (number < 0) {
            throw new IllegalArgumentException("negative");
        }
        return number;
    }

    private static String digits(long number) {
        return Long.toString(number, Character.MAX_RADIX);
    }
}
