package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.membership.NodeStatement;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Lets in what other nodes of the cluster send: they know the key of this start, since they hear what this node says.
 * Whom the request is from was checked where it came in. Confined to one event loop.
 */
final class PeerGate implements Handler<RoutingContext> {
    static final String KEY = "X-Augur-Key";
    static final String PRINCIPAL = "X-Augur-Principal";
    /** In an answer: nothing was done and nothing recorded, so that another node may be asked. */
    static final String UNTAKEN = "X-Augur-Untaken";

    /** In an answer: the node that has let the request in. */
    static final String NODE = "X-Augur-Node";

    private final byte[] key;
    private final String node;

    PeerGate(NodeStatement self) {
        this.key = self.identity().places().key().getBytes(StandardCharsets.US_ASCII);
        this.node = self.node();
    }

    @Override
    public void handle(RoutingContext ctx) {
        String shown = ctx.request().getHeader(KEY);
        if (shown == null || !MessageDigest.isEqual(key, shown.getBytes(StandardCharsets.UTF_8))) {
            throw new ServingException(ErrorCode.PERMISSION_DENIED, "this port is for the nodes of the cluster");
        }
        ctx.response().putHeader(NODE, node);
        String principal = ctx.request().getHeader(PRINCIPAL);
        if (principal != null) {
            Exchange.of(ctx).principal(principal);
        }
        ctx.next();
    }

    /** Refuses, before anything is done, what this node does not have any more. */
    static Handler<RoutingContext> only(Forwarding.Served served) {
        return ctx -> {
            if (served.here(ctx)) {
                ctx.next();
            } else {
                ctx.response().putHeader(UNTAKEN, "not here");
                ctx.fail(new ServingException(ErrorCode.NOT_READY, "this node does not have it"));
            }
        };
    }
}
