package dev.augur.membership;

import java.time.Duration;

/**
 * How nodes know of one another. Immutable, thread-safe.
 *
 * @param cluster the name of the cluster
 * @param silence a node that has said nothing for so long counts as not answering
 */
public record MembershipConfig(String cluster, Duration silence) {
    private static final int SAID_IN_SILENCE = 4;

    /** How often a node says what it is. */
    Duration interval() {
        return silence.dividedBy(SAID_IN_SILENCE);
    }
}
