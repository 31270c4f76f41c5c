package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one log has for a page, to be merged with what others have: {@link Page}, without what only its own reader can
 * use. Immutable, thread-safe.
 *
 * @param start where each writer stood before
 * @param next where to go on, if all of its lines are taken; empty when there is nothing more
 * @param frontier when the next record was received, if there is one
 * @param runs what is read of each writer; nodes of before tell none
 */
public record PagePart(
        List<Line> lines, PagePlace start, Optional<PagePlace> next, Optional<Instant> frontier, List<WriterRun> runs) {
    public PagePart {
        lines = List.copyOf(lines);
        runs = List.copyOf(runs);
    }

    /**
     * A record.
     *
     * @param receivedAt the beginning of time where it does not say
     * @param place where to go on once it is taken
     * @param json the line; its array is that of the ledger, not to be changed
     */
    public record Line(String recordId, Instant receivedAt, WriterPlace place, ByteBuffer json) {
        private static Line of(LedgerLine line) {
            var head = RecordHead.of(line.bytes());
            return new Line(
                    String.valueOf(head.recordId()),
                    time(head.receivedAt()),
                    new WriterPlace(line.before(), /* stragglers= */ 0),
                    ByteBuffer.wrap(line.bytes()));
        }
    }

    /** What a page tells others. */
    public static PagePart of(Page page) {
        return new PagePart(
                page.lines().stream().map(Line::of).toList(), page.start(), page.next(), page.frontier(), page.runs());
    }

    static Instant time(@Nullable Instant received) {
        return Objects.requireNonNullElse(received, Instant.MIN);
    }
}
