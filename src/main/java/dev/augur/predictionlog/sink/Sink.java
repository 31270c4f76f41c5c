package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.LedgerLine;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Where records go after the ledger. One batch at a time, in the order of the ledger; a batch that failed comes again
 * until it succeeds, and a batch that succeeded may come again after a restart, so storing twice must be as good as
 * storing once, or the sink looks for what is in doubt ({@link #storesTwice}). Each method says its thread; the
 * counters are thread-safe.
 *
 * @param <B> a batch in the form in which this sink writes it
 */
public interface Sink<B> {
    /** Its name in metrics, messages and the file of its cursor: lower-case letters and digits. */
    String name();

    /** Makes lines ready to be written. Must take any line. Called on a worker thread; may block. */
    B prepare(List<LedgerLine> lines);

    /**
     * The same where {@link #storesTwice}.
     *
     * @param doubtful which lines the place may have already, from this writer or from another one, by their seq
     */
    default B prepare(List<LedgerLine> lines, LongPredicate doubtful) {
        return prepare(lines);
    }

    /** Whether a record that comes again is stored again, if the sink does not look: then it is told when to. */
    default boolean storesTwice() {
        return false;
    }

    /**
     * Writes a batch; done when all of it is stored for good. Must end in bounded time. Called on the event loop.
     */
    Future<Void> write(B batch);

    /** Frees what it holds; a write on its way fails. Called on the event loop. */
    Future<Void> close();

    /** Records that cannot be stored as others are: another place has them, or a note stands for them. */
    default long refused() {
        return 0;
    }

    /** Records that were left out, since the place has them. */
    default long repeated() {
        return 0;
    }

    /** Records in doubt that were stored without a look, which was not possible. */
    default long unchecked() {
        return 0;
    }

    /** Records of which a part was replaced because it cannot be stored as it is. */
    default long altered() {
        return 0;
    }
}
