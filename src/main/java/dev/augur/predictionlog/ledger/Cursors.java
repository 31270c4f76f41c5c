package dev.augur.predictionlog.ledger;

/** What the followers of a ledger still need; retention removes nothing of it. Called on a worker thread. */
@FunctionalInterface
public interface Cursors {
    /** Nobody follows. */
    Cursors NONE = writer -> Long.MAX_VALUE;

    /**
     * The smallest seq of a writer that any follower has not taken yet; {@link Long#MAX_VALUE} if none follows. A
     * follower that is registered but has not begun needs 1.
     */
    long oldestNeeded(String writer);
}
