package dev.augur.logview;

import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.reading.PagePart;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PageQuestion;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node that has a prediction log, as it is asked. What it refuses fails with a {@code ServingException}; where it
 * does not answer, with an {@link AwayException}. Thread-safe.
 */
interface LogNode {
    /** Its name. */
    String node();

    /** The writer whose log it writes. */
    String writer();

    /**
     * What it has for a page.
     *
     * @param gone completes when nobody waits for the answer any more
     */
    Future<PagePart> page(Future<?> gone, PageQuestion question);

    /**
     * Which of some records it has at places that the pages before have passed; perhaps not all of them.
     *
     * @param from where the next page goes on
     */
    Future<Set<String>> passed(Future<?> gone, PagePlace from, Set<String> ids);

    /** What it has under that id, among the newest that are searched. */
    Future<Search> find(Future<?> gone, String recordId);

    /** Whether the line of a record that it has is as it was written; empty if it does not have it any more. */
    Future<Optional<Boolean>> verified(Future<?> gone, String recordId);

    /** Stores what turned out to be true, where the prediction is. */
    Future<Void> tell(OutcomeRecord outcome);

    /**
     * What became of a search.
     *
     * @param writers whose folders were searched
     */
    record Search(Optional<FoundRecord> found, List<String> writers) {
        public Search {
            writers = List.copyOf(writers);
        }
    }
}
