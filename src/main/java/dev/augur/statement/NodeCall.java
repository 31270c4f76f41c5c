package dev.augur.statement;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;

/** A request that one node has. Thread-safe. */
public final class NodeCall {
    private final String node;
    private final String address;
    private final Consumer<NodeCall> ended;
    private final Promise<Void> lost = Promise.promise(); // told by what other nodes say, in which no future is

    NodeCall(String node, String address, Consumer<NodeCall> ended) {
        this.node = node;
        this.address = address;
        this.ended = ended;
    }

    /** The name of the node. */
    public String node() {
        return node;
    }

    /** Where it is asked. */
    public String address() {
        return address;
    }

    /** Done when the node has left, has started anew or says nothing any more, and this has not ended. */
    public Future<Void> lost() {
        return lost.future();
    }

    /** It has its answer. */
    public void end() {
        ended.accept(this);
    }

    void lose() {
        lost.tryComplete();
    }
}
