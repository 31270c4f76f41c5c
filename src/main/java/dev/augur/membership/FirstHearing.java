package dev.augur.membership;

import dev.augur.bus.Addresses;
import dev.augur.bus.OtherMembers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * How long a start waits for the others: until each member that listens to what nodes say has said something itself;
 * for one interval where there is no other member, and for the silence where one says nothing: it may be slow, about to
 * be a node, or a program that never is one. Confined to one event loop.
 */
final class FirstHearing {
    private final Vertx vertx;
    private final MembershipConfig config;
    private final Nodes nodes;
    private final Promise<Void> over = Promise.promise(); // of the message handler, which takes no future
    private int expected = Integer.MAX_VALUE; // until the cluster manager has told

    FirstHearing(Vertx vertx, MembershipConfig config, Nodes nodes) {
        this.vertx = vertx;
        this.config = config;
        this.nodes = nodes;
    }

    /** Done when there is nothing more to wait for. Called once, when this node listens and has asked. */
    Future<Void> begin() {
        var unused = OtherMembers.listeningAt(vertx, Addresses.NODES)
                .otherwise(unknown -> OtherMembers.count(vertx))
                .onSuccess(this::expect);
        var alone = vertx.timer(config.interval().toMillis());
        var longest = vertx.timer(config.silence().toMillis());
        alone.onSuccess(passed -> endIfAlone());
        longest.onSuccess(passed -> over.tryComplete());
        return over.future().onComplete(done -> {
            alone.cancel();
            longest.cancel();
        });
    }

    /** Somebody has said something. */
    void heard() {
        int heard = nodes.others().size() + nodes.foreign().size();
        if (heard > 0 && heard >= expected) {
            over.tryComplete();
        }
    }

    private void expect(int listening) {
        expected = listening;
        heard();
    }

    private void endIfAlone() {
        if (OtherMembers.count(vertx) == 0) {
            over.tryComplete();
        }
    }
}
