package dev.augur.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether this node wants requests, and why not: its stage, and what it lacks. Written by the server, read by every
 * event loop. Thread-safe.
 */
public final class Readiness {
    /** The stages of a node's life. */
    private enum Stage {
        STARTING,
        READY,
        DRAINING
    }

    private volatile Stage stage = Stage.STARTING;
    private final Supplier<String> progress;
    private final Map<String, Supplier<Optional<String>>> conditions;
    private final Set<String> required;

    /**
     * A node that starts.
     *
     * @param progress how far the start is
     * @param conditions by name, what is wrong in words; nothing if all is well
     * @param required those without which the node wants no requests
     */
    public Readiness(
            Supplier<String> progress, Map<String, Supplier<Optional<String>>> conditions, Set<String> required) {
        this.progress = progress;
        this.conditions = new LinkedHashMap<>(conditions);
        this.required = Set.copyOf(required);
    }

    /** The start is over; nothing happens on a node that stops already. */
    public synchronized void started() {
        stage = stage == Stage.STARTING ? Stage.READY : stage;
    }

    /** The node is on its way down. */
    public synchronized void drain() {
        stage = Stage.DRAINING;
    }

    /** Whether this node is on its way down. */
    public boolean draining() {
        return stage == Stage.DRAINING;
    }

    public boolean ready() {
        return stage == Stage.READY
                && required.stream().allMatch(name -> fault(name).isEmpty());
    }

    /** {@code starting}, {@code ready}, {@code not_ready} or {@code draining}. */
    public String text() {
        var now = stage;
        return now == Stage.READY && !ready() ? "not_ready" : now.name().toLowerCase(Locale.ROOT);
    }

    /**
     * What is wrong, by what it is wrong with; the progress of a start. Also what does not keep the node from wanting
     * requests.
     */
    public Map<String, Object> reasons() {
        var reasons = new LinkedHashMap<String, Object>();
        if (stage == Stage.STARTING) {
            reasons.put("start", progress.get());
        } else if (stage == Stage.READY) {
            conditions.keySet().forEach(name -> fault(name).ifPresent(fault -> reasons.put(name, fault)));
        }
        return reasons;
    }

    private Optional<String> fault(String condition) {
        var asked = conditions.get(condition);
        return asked == null ? Optional.empty() : asked.get();
    }
}
