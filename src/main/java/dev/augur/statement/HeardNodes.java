package dev.augur.statement;

import dev.augur.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The nodes of a cluster as a program hears them that is none of them: which one to ask over the event bus, and when
 * that is lost. Until it has heard one, half a second at most, there is none. Thread-safe.
 */
public final class HeardNodes {
    private static final long SWEEP_MILLIS = 250;
    /** A node that counts as lost is forgotten after so many times its silence. */
    private static final int FORGOTTEN_AFTER = 15;

    private final Vertx vertx;
    private final MessageConsumer<JsonObject> consumer;
    private final long sweeping;
    private final Map<String, HeardNode> nodes = new HashMap<>(); // guarded by this

    /** Listens on a member of the cluster, until it is closed. */
    public HeardNodes(Vertx vertx) {
        this.vertx = vertx;
        this.consumer = vertx.eventBus().consumer(Addresses.NODES, this::hear);
        this.sweeping = vertx.setPeriodic(SWEEP_MILLIS, tick -> sweep());
    }

    /** The names of the nodes in this process. */
    public static LocalMap<String, Boolean> here(Vertx vertx) {
        return vertx.sharedData().getLocalMap(Addresses.NODES);
    }

    /**
     * Begins a call of a node that serves that: one of this process, else of two that are chosen by lot the one with
     * fewer requests. One that is about to stop, or has said nothing for its silence, is never chosen.
     *
     * @param tried the node that was asked before; empty for none
     */
    public synchronized Optional<NodeCall> begin(Predicate<NodeStatement> serves, String tried) {
        var some = new ArrayList<HeardNode>();
        for (var node : nodes.values()) {
            if (node.answers() && !node.name().equals(tried) && serves.test(node.said())) {
                if (here(vertx).containsKey(node.name())) {
                    return Optional.of(begin(node));
                }
                some.add(node);
            }
        }
        return some.isEmpty() ? Optional.empty() : Optional.of(begin(LessLoaded.of(some, HeardNode::load)));
    }

    private NodeCall begin(HeardNode node) {
        var call = new NodeCall(node.name(), node.address(), this::end);
        node.calls().add(call);
        return call;
    }

    private synchronized void end(NodeCall call) {
        var node = nodes.get(call.node());
        if (node != null) {
            node.calls().remove(call);
        }
    }

    /** Hears nothing any more; calls of before are not told that their node is lost. */
    public Future<Void> close() {
        vertx.cancelTimer(sweeping);
        return consumer.unregister();
    }

    private void hear(Message<JsonObject> message) {
        NodeStatement said;
        try {
            said = StatementJson.read(message.body());
        } catch (RuntimeException e) {
            return; // one of another version: it is asked as one among all
        }
        boolean leaves = Boolean.TRUE.equals(message.body().getValue(StatementJson.LEAVES));
        lost(leaves ? forget(said.node()) : keep(said));
    }

    /** Keeps what it said; those whom it had before, if it has started anew. */
    private synchronized List<NodeCall> keep(NodeStatement said) {
        var before = nodes.get(said.node());
        if (before == null || !before.isSameStart(said)) {
            nodes.put(said.node(), new HeardNode(said));
            return before == null ? List.of() : before.lose();
        }
        before.says(said);
        return List.of();
    }

    private synchronized List<NodeCall> forget(String node) {
        var gone = nodes.remove(node);
        return gone == null ? List.of() : gone.lose();
    }

    private void sweep() {
        lost(silent());
    }

    private synchronized List<NodeCall> silent() {
        var lost = new ArrayList<NodeCall>();
        nodes.values().removeIf(node -> {
            if (node.silentFor(1)) {
                lost.addAll(node.lose());
            }
            return node.silentFor(FORGOTTEN_AFTER);
        });
        return lost;
    }

    /** Outside of the lock: who asks is told here. */
    private static void lost(List<NodeCall> calls) {
        calls.forEach(NodeCall::lose);
    }
}
