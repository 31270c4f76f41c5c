package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/** Refuses requests of clients that ask for more than one may. Confined to one event loop. */
final class ClientGate implements Handler<RoutingContext> {
    private final ClientLimits limits;

    ClientGate(ClientLimits limits) {
        this.limits = limits;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var refusal = begin(ctx);
        if (refusal.isPresent()) {
            ctx.fail(refusal.get());
        } else {
            ctx.next();
        }
    }

    /** The same for what is refused anyway, which costs as well. */
    Throwable orRefused(RoutingContext ctx, Throwable failure) {
        return begin(ctx).<Throwable>map(refusal -> refusal).orElse(failure);
    }

    private Optional<ServingException> begin(RoutingContext ctx) {
        var exchange = Exchange.of(ctx);
        var use = limits.of(exchange.principal(), limits.proxies().client(ctx.request()));
        var refusal = use.begin(System.nanoTime());
        if (refusal.isEmpty()) {
            exchange.gone()
                    .onComplete(over ->
                            use.end(ctx.request().bytesRead() + ctx.response().bytesWritten()));
            return Optional.empty();
        }
        var reason = refusal.get().reason();
        limits.meters().refused(reason);
        ctx.response()
                .putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(refusal.get().seconds()));
        return Optional.of(new ServingException(
                ErrorCode.OVERLOADED,
                "this client asks for more than http.clients." + reason.setting() + " allows; again in "
                        + String.format(Locale.ROOT, "%d s", refusal.get().seconds())));
    }
}
