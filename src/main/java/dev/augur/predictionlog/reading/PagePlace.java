package dev.augur.predictionlog.reading;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.augur.predictionlog.ledger.Cursor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a question goes on: for each writer there was when it began, the line before which to read on. What is appended
 * later is behind it, so pages neither repeat nor miss a record. Immutable, thread-safe.
 *
 * @param runs what the pages so far have begun to read, also of writers that have nothing more; those that are not
 *     there were read by a node of before, or need not be known
 */
public record PagePlace(List<WriterPlace> writers, List<WriterRun> runs) {
    private static final String PREFIX = "writer-";
    /** Marks an entry of the text that is a run. Nodes of before take it for a writer that is away, and keep it. */
    private static final String RUN = "~";

    private static final String SEPARATOR = "/";
    private static final int FIELDS = 4;

    public PagePlace {
        writers = List.copyOf(writers);
        runs = List.copyOf(runs);
    }

    /** Places alone. */
    public PagePlace(List<WriterPlace> writers) {
        this(writers, List.of());
    }

    /**
     * How far one writer has been read.
     *
     * @param cursor the place before which to read on
     * @param stragglers lines in a row that were older than asked for; below 0 if nothing is left to read, or nothing
     *     was read
     */
    public record WriterPlace(Cursor cursor, int stragglers) {
        private static final int DONE = -1;
        private static final int UNREAD = -2;

        /** Of a writer that has nothing more. */
        static WriterPlace done(String writer) {
            return new WriterPlace(Cursor.start(writer), DONE);
        }

        /** Of a writer that was not asked yet: from its end, whenever that is. */
        static WriterPlace unread(String writer) {
            return new WriterPlace(Cursor.start(writer), UNREAD);
        }

        boolean done() {
            return stragglers == DONE;
        }

        boolean unread() {
            return stragglers == UNREAD;
        }

        String writer() {
            return cursor.writer();
        }

        /** As text without white space. */
        public String text() {
            var segment = cursor.segment();
            long first = segment.isEmpty() ? 0 : Long.parseLong(segment.substring(0, segment.indexOf('.')));
            return entry(cursor.writer().substring(PREFIX.length()), first, cursor.offset(), stragglers);
        }

        /**
         * The place from its text.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static WriterPlace of(String text) {
            var fields = text.split(SEPARATOR, -1);
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("not a place: " + text);
            }
            return PagePlace.writer(fields, 0);
        }
    }

    /** The beginning of a question to writers that cannot be asked now. */
    public static PagePlace unread(Collection<String> writers) {
        return new PagePlace(writers.stream()
                .filter(writer -> writer.startsWith(PREFIX))
                .map(WriterPlace::unread)
                .toList());
    }

    /** The writers there were. */
    public Set<String> names() {
        return writers.stream().map(WriterPlace::writer).collect(Collectors.toSet());
    }

    /** The places of all writers but these. */
    public PagePlace without(Set<String> names) {
        return new PagePlace(
                writers.stream().filter(each -> !names.contains(each.writer())).toList());
    }

    /** These places and those of others. */
    public PagePlace with(PagePlace others) {
        return new PagePlace(
                Stream.concat(writers.stream(), others.writers.stream()).toList());
    }

    /** These places, and what the pages so far have begun to read. */
    public PagePlace begun(Collection<WriterRun> all) {
        return new PagePlace(writers, List.copyOf(all));
    }

    Optional<WriterRun> run(String writer) {
        return runs.stream().filter(run -> run.writer().equals(writer)).findFirst();
    }

    Optional<WriterPlace> place(String writer) {
        return writers.stream().filter(place -> place.writer().equals(writer)).findFirst();
    }

    /**
     * Whether the pages so far have read a line; {@code false} where that is not known.
     *
     * @param after the place after it, with its seq
     */
    boolean hasPassed(Cursor after) {
        var run = run(after.writer()).filter(begun -> after.seq() <= begun.through());
        if (run.isEmpty()) {
            return false;
        }
        return place(after.writer())
                .map(place -> !place.unread() && isBehind(place.cursor(), after))
                .orElseGet(() -> after.seq() > run.get().ended());
    }

    /** Names of segments have one length. */
    private static boolean isBehind(Cursor place, Cursor after) {
        int segments = after.segment().compareTo(place.segment());
        return segments > 0 || (segments == 0 && after.offset() > place.offset());
    }

    /** As text that may stand in a URL as it is. */
    public String text() {
        var all = Stream.concat(
                        writers.stream().map(WriterPlace::text), runs.stream().map(PagePlace::text))
                .collect(Collectors.joining(SEPARATOR));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all.getBytes(UTF_8));
    }

    /** The place from its text; empty if that is none. */
    public static Optional<PagePlace> of(String text) {
        try {
            if (text.isEmpty()) {
                return Optional.of(new PagePlace(List.of()));
            }
            var fields = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(SEPARATOR, -1);
            if (fields.length % FIELDS != 0) {
                return Optional.empty();
            }
            var writers = new ArrayList<WriterPlace>();
            var runs = new ArrayList<WriterRun>();
            for (int i = 0; i < fields.length; i += FIELDS) {
                if (fields[i].startsWith(RUN)) {
                    runs.add(run(fields, i));
                } else {
                    writers.add(writer(fields, i));
                }
            }
            return Optional.of(new PagePlace(writers, runs));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static WriterPlace writer(String[] fields, int at) {
        long segment = number(fields[at + 1]);
        long offset = number(fields[at + 2]);
        int stragglers =
                Math.toIntExact(Math.max(WriterPlace.UNREAD, Long.parseLong(fields[at + 3], Character.MAX_RADIX)));
        var cursor = new Cursor(PREFIX + fields[at], 0, String.format(Locale.ROOT, "%020d.ndjson", segment), offset);
        return new WriterPlace(cursor, stragglers);
    }

    private static String text(WriterRun run) {
        String name = RUN + run.writer().substring(PREFIX.length());
        return entry(name, run.through(), run.ended(), WriterPlace.DONE);
    }

    private static WriterRun run(String[] fields, int at) {
        return new WriterRun(
                PREFIX + fields[at].substring(RUN.length()), number(fields[at + 2]), number(fields[at + 1]));
    }

    private static String entry(String name, long first, long second, int stragglers) {
        return String.join(SEPARATOR, name, digits(first), digits(second), digits(stragglers));
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
