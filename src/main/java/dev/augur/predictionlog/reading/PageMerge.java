package dev.augur.predictionlog.reading;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.reading.PagePart.Line;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page of what several logs have: the newest first, each {@code record_id} once, and nothing that is older
 * than what a log may still have. A writer that two logs read, on one directory, is taken from the first of them. One
 * thread.
 */
public final class PageMerge {
    /** Each is a part of the cursor, which has to fit into a request line. */
    private static final int MAX_WRITERS = 128;

    private final List<Source> sources = new ArrayList<>();
    private final int limit;
    private final List<Line> lines = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private long bytes;

    private PageMerge(List<PagePart> parts, int limit) {
        this.limit = limit;
        var owned = new HashSet<String>();
        for (PagePart part : parts) {
            var own = new HashSet<>(part.start().names());
            own.removeIf(writer -> !owned.add(writer));
            if (!own.isEmpty()) {
                sources.add(new Source(part, own));
            }
        }
    }

    /**
     * Records of several logs.
     *
     * @param next where to go on; empty when there is nothing more
     * @param writers those that were read
     * @param runs what is read of each of them
     */
    public record Merged(List<Line> lines, Optional<PagePlace> next, Set<String> writers, List<WriterRun> runs) {
        public Merged {
            lines = List.copyOf(lines);
            writers = Set.copyOf(writers);
            runs = List.copyOf(runs);
        }
    }

    /** Merges answers to one question, of which {@code limit} records are wanted. */
    public static Merged of(List<PagePart> parts, int limit) {
        var merge = new PageMerge(parts, limit);
        while (merge.takeNext()) {
            // the next one
        }
        merge.sources.forEach(source -> source.pass(merge.taken));
        return merge.merged();
    }

    /**
     * What is left of one log's part. Its next record is the first of its lines, or behind them one that is not here.
     */
    private static final class Source {
        private final PagePart part;
        private final Set<String> writers;
        private final List<Line> lines;
        private final Map<String, WriterPlace> places = new HashMap<>();
        private int taken;

        private Source(PagePart part, Set<String> writers) {
            this.part = part;
            this.writers = writers;
            this.lines = part.lines().stream()
                    .filter(line -> writers.contains(line.place().writer()))
                    .toList();
        }

        private boolean isRead() {
            return taken == lines.size();
        }

        private boolean isOver() {
            return isRead() && part.frontier().isEmpty();
        }

        private Instant time() {
            return isRead()
                    ? part.frontier().orElse(Instant.MIN)
                    : lines.get(taken).receivedAt();
        }

        private Line head() {
            return lines.get(taken);
        }

        private void take() {
            var place = lines.get(taken++).place();
            places.put(place.writer(), place);
        }

        /** Passes over what is on the page already: of records that are as old as others, it may stand anywhere. */
        private void pass(Set<String> known) {
            while (!isRead() && known.contains(head().recordId())) {
                take();
            }
        }

        /** Behind what was taken; a writer of which everything here was taken goes on where its reader has stopped. */
        private List<WriterPlace> rest() {
            var behind = new HashSet<String>();
            lines.subList(taken, lines.size())
                    .forEach(line -> behind.add(line.place().writer()));
            var rest = new ArrayList<WriterPlace>();
            for (WriterPlace start : part.start().writers()) {
                String writer = start.writer();
                var place = behind.contains(writer) ? places.getOrDefault(writer, start) : next(writer);
                if (writers.contains(writer) && place != null && !place.done()) {
                    rest.add(place);
                }
            }
            return rest;
        }

        private @Nullable WriterPlace next(String writer) {
            return part.next()
                    .flatMap(next -> next.writers().stream()
                            .filter(place -> place.writer().equals(writer))
                            .findFirst())
                    .orElse(null);
        }
    }

    /** Where two are as new, the one that is not here first: it may be the same record, told of by two writers. */
    private boolean takeNext() {
        var newest = sources.stream()
                .filter(source -> !source.isOver())
                .max(Comparator.comparing(Source::time).thenComparing(Source::isRead));
        if (newest.isEmpty() || newest.get().isRead()) {
            return false;
        }
        var line = newest.get().head();
        boolean full = lines.size() >= limit || bytes >= Page.MAX_BYTES;
        boolean known = taken.contains(line.recordId());
        if (full && !known) {
            return false;
        }
        newest.get().take();
        if (!known) {
            taken.add(line.recordId());
            lines.add(line);
            bytes += line.json().remaining();
        }
        return true;
    }

    private Merged merged() {
        var rest = new ArrayList<WriterPlace>();
        var writers = new HashSet<String>();
        var runs = new ArrayList<WriterRun>();
        for (Source source : sources) {
            rest.addAll(source.rest());
            writers.addAll(source.writers);
            source.part.runs().stream()
                    .filter(run -> source.writers.contains(run.writer()))
                    .forEach(runs::add);
        }
        if (rest.size() > MAX_WRITERS) {
            throw new ServingException(
                    ErrorCode.NOT_READY,
                    "the prediction logs have " + rest.size() + " writers with such records; at most " + MAX_WRITERS
                            + " are read at once: move old ones elsewhere");
        }
        var next = rest.isEmpty() ? Optional.<PagePlace>empty() : Optional.of(new PagePlace(rest));
        return new Merged(lines, next, writers, runs);
    }
}
