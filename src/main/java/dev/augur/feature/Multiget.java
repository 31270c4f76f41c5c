package dev.augur.feature;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Several flights in one call of the store, and its retries. Guarded by the lock of {@link Fetches}. */
final class Multiget {
    private final List<Flight> flights;
    private Set<Object> keys = Set.of();
    private int left;
    private int tries;
    private long permit;
    private long askedAt;
    private boolean trying;
    boolean over;

    Multiget(List<Flight> flights) {
        this.flights = flights;
        this.left = flights.size();
        flights.forEach(flight -> flight.multiget = this);
    }

    /** Before each call of the store. */
    void begin(long newPermit, long now) {
        keys = open().stream().map(flight -> flight.key).collect(Collectors.toUnmodifiableSet());
        permit = newPermit;
        askedAt = now;
        trying = true;
        tries++;
    }

    /** After each call that failed and is to be retried. */
    void pause() {
        trying = false;
    }

    /** The flights that somebody may still wait for; a copy. */
    List<Flight> open() {
        return flights.stream().filter(flight -> !flight.over).toList();
    }

    boolean isEmpty() {
        return left == 0;
    }

    void flightOver() {
        left--;
    }

    /** What the current call asks for. */
    Set<Object> keys() {
        return keys;
    }

    int tries() {
        return tries;
    }

    long permit() {
        return permit;
    }

    long askedAt() {
        return askedAt;
    }

    /** Whether the store is at work, not between two tries. */
    boolean trying() {
        return trying;
    }
}
