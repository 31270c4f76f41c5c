package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.statement.NodeStatement;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

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
            Exchange.of(ctx).principal(URLDecoder.decode(principal, StandardCharsets.UTF_8));
        }
        ctx.next();
    }

    /** Says for whom a node asks: in the letters of a header, which are fewer than those of a name. */
    static void tellPrincipal(MultiMap headers, @Nullable String principal) {
        if (principal != null) {
            headers.set(PRINCIPAL, URLEncoder.encode(principal, StandardCharsets.UTF_8));
        }
    }

    /** Refuses, before anything is done, what this node does not have any more. */
    static Handler<RoutingContext> only(Forwarding.Served served) {
        return ctx -> {
            if (served.here(ctx)) {
                ctx.next();
            } else {
                untaken(ctx, new ServingException(ErrorCode.NOT_READY, "this node does not have it"));
            }
        };
    }

    /** Refuses a request of another node with which nothing was done: it asks another one, which records it. */
    static void untaken(RoutingContext ctx, ServingException why) {
        ctx.response().putHeader(UNTAKEN, "true");
        Exchange.of(ctx).caller().leaveRecord();
        ctx.fail(why);
    }
}
