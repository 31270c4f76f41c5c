package dev.augur.statement;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A node that has been heard, and the calls that it has. Guarded by who keeps it. */
final class HeardNode {
    private final Set<NodeCall> calls = new HashSet<>();
    private NodeStatement said;
    private long heardNanos = System.nanoTime();

    HeardNode(NodeStatement said) {
        this.said = said;
    }

    void says(NodeStatement more) {
        said = more;
        heardNanos = System.nanoTime();
    }

    boolean isSameStart(NodeStatement other) {
        return said.identity().startedAt().equals(other.identity().startedAt());
    }

    String name() {
        return said.node();
    }

    NodeStatement said() {
        return said;
    }

    Set<NodeCall> calls() {
        return calls;
    }

    /** Where it alone is asked. Only of one that {@link #answers}. */
    String address() {
        return said.identity().places().bus().orElseThrow().address();
    }

    /** Whether it can be asked now. */
    boolean answers() {
        return said.identity().places().bus().isPresent() && !said.load().draining() && !silentFor(1);
    }

    /** Whether it has said nothing for so many times its silence. */
    boolean silentFor(int times) {
        long silence = said.identity()
                .places()
                .bus()
                .map(NodeStatement.BusPlace::silence)
                .orElse(Duration.ZERO)
                .toNanos();
        return System.nanoTime() - heardNanos > times * silence;
    }

    /** What it has said, and what it was sent from here, of which it may not have told yet. */
    int load() {
        return Math.max(said.load().inFlight(), calls.size());
    }

    /** The calls that it had, and has no more. */
    List<NodeCall> lose() {
        var lost = List.copyOf(calls);
        calls.clear();
        return lost;
    }
}
