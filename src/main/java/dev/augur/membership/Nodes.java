package dev.augur.membership;

import dev.augur.statement.ForeignNode;
import dev.augur.statement.NodeStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that there are, as this one knows them: itself, and what the others have said last. An immutable map that
 * is swapped as a whole, so any thread reads it without a lock. Thread-safe.
 */
public final class Nodes {
    private static final int MOST_WRITERS = 100;

    private final MembershipConfig config;
    private final boolean clustered;
    private final Supplier<NodeStatement> self;
    private volatile Map<String, Seen> others = Map.of();
    private volatile Map<String, ForeignNode> foreign = Map.of();
    private volatile Map<String, String> writers = Map.of();

    /**
     * A node, and when it has said something last.
     *
     * @param heardNanos as {@code System.nanoTime} tells it
     */
    public record Seen(NodeStatement statement, long heardNanos) {
        /** How long it has said nothing. */
        public Duration silent() {
            return Duration.ofNanos(Math.max(0, System.nanoTime() - heardNanos));
        }
    }

    /**
     * The nodes, of which only this one is known yet.
     *
     * @param clustered whether there can be others
     * @param self what this node says now; called on any thread
     */
    public Nodes(MembershipConfig config, boolean clustered, Supplier<NodeStatement> self) {
        this.config = config;
        this.clustered = clustered;
        this.self = self;
    }

    /** What this node says now. */
    public NodeStatement self() {
        return self.get();
    }

    /** Whether there can be others. */
    public boolean clustered() {
        return clustered;
    }

    /** The name of the cluster. */
    public String cluster() {
        return config.cluster();
    }

    /** The other nodes, by name. */
    public Collection<Seen> others() {
        return Collections.unmodifiableCollection(others.values()); // of a map that is never changed
    }

    /** Another node of that name, if there is one. */
    public Optional<Seen> find(String node) {
        return Optional.ofNullable(others.get(node));
    }

    /** Nodes that are there and cannot be asked, by name; so many at most. */
    public Map<String, ForeignNode> foreign() {
        return foreign;
    }

    /** Whether a node has said something lately. */
    public boolean answers(Seen node) {
        return node.silent().compareTo(config.silence()) < 0;
    }

    /** Other nodes that are known now, by whether they answer and want requests. */
    public int count(State state) {
        return (int)
                others.values().stream().filter(node -> state(node) == state).count();
    }

    /** How another node is. */
    public enum State {
        ANSWERING,
        DRAINING,
        SILENT
    }

    private State state(Seen node) {
        if (!answers(node)) {
            return State.SILENT;
        }
        return node.statement().load().draining() ? State.DRAINING : State.ANSWERING;
    }

    /** This node and all others, by name. */
    public List<NodeStatement> all() {
        return Stream.concat(Stream.of(self()), others.values().stream().map(Seen::statement))
                .sorted(Comparator.comparing(NodeStatement::node))
                .toList();
    }

    /**
     * The writers of prediction logs that other nodes have told of, each with the node that did so last. Those of nodes
     * that have left are among them, since their records are somewhere; so many at most, the last ones told of.
     */
    public Map<String, String> writers() {
        return writers;
    }

    /**
     * The writers that records can be sent to: of other nodes that have said something within half the silence, those
     * that stop only where there are no others.
     */
    public List<String> lively() {
        var all = others.values().stream()
                .filter(node -> node.silent().multipliedBy(2).compareTo(config.silence()) < 0)
                .map(Seen::statement)
                .filter(node -> node.identity().writer().isPresent())
                .toList();
        var staying = all.stream().filter(node -> !node.load().draining()).toList();
        return (staying.isEmpty() ? all : staying)
                .stream().flatMap(node -> node.identity().writer().stream()).toList();
    }

    private void keepWriter(String node, String writer) {
        if (!node.equals(writers.get(writer))) {
            var next = new LinkedHashMap<>(writers);
            next.remove(writer);
            next.put(writer, node);
            if (next.size() > MOST_WRITERS) {
                next.remove(next.keySet().iterator().next());
            }
            writers = Collections.unmodifiableMap(next);
        }
    }

    /** Keeps what a node has said; what it said before, if it has said anything. */
    @Nullable
    NodeStatement heard(NodeStatement statement) {
        var next = new TreeMap<>(others);
        var before = next.put(statement.node(), new Seen(statement, System.nanoTime()));
        others = next;
        forgetForeign(statement.node());
        statement.identity().writer().ifPresent(writer -> keepWriter(statement.node(), writer));
        return before == null ? null : before.statement();
    }

    /** Keeps that there is a node which cannot be asked. */
    void heard(ForeignNode node) {
        if (foreign.size() < MOST_WRITERS || foreign.containsKey(node.node())) {
            var next = new TreeMap<>(foreign);
            next.put(node.node(), node);
            foreign = Collections.unmodifiableMap(next);
        }
        node.writer().ifPresent(writer -> keepWriter(node.node(), writer));
    }

    void forgetForeign(String node) {
        if (foreign.containsKey(node)) {
            var next = new TreeMap<>(foreign);
            next.remove(node);
            foreign = Collections.unmodifiableMap(next);
        }
    }

    /** Forgets a node; whether it was known. */
    boolean forget(String node) {
        var next = new TreeMap<>(others);
        boolean known = next.remove(node) != null;
        others = next;
        return known;
    }

    /** Forgets those that have said nothing for longer than that. */
    List<NodeStatement> forgetSilent(Duration longest) {
        foreign.values().stream()
                .filter(node -> node.silent().compareTo(longest) > 0)
                .forEach(node -> forgetForeign(node.node()));
        var gone = new ArrayList<NodeStatement>();
        for (Seen node : others.values()) {
            if (node.silent().compareTo(longest) > 0 && forget(node.statement().node())) {
                gone.add(node.statement());
            }
        }
        return gone;
    }
}
