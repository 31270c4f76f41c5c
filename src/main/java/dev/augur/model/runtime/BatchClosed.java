package dev.augur.model.runtime;

/** Why a batch went as it was. */
public enum BatchClosed {
    /** It had as many rows as one run takes, or what waited next would not have fitted. */
    FULL,
    /** Nothing else waited. */
    QUEUE_EMPTY,
    /** What else waited has other shapes or wants other outputs. */
    OTHERS_DIFFER,
    /** The request cannot be joined: it has more rows than one run takes, or its model no batch dimension. */
    ALONE,
    /** The batch had failed, and each of its requests was tried again by itself. */
    RETRIED
}
