package dev.augur.http;

import dev.augur.access.Doorkeeper;
import dev.augur.access.Principal;
import dev.augur.access.Scope;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.metrics.AccessMeters;
import dev.augur.request.Headers;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks who sends a request, and whether that may be. A key or a token comes in {@code Authorization: Bearer}, in
 * {@code X-API-Key}, or as the password of {@code Authorization: Basic}, which browsers ask their users for. Confined
 * to one event loop.
 */
final class AccessCheck {
    private static final String API_KEY = "X-API-Key";
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final Doorkeeper doorkeeper;
    private final AccessMeters meters;
    private final @Nullable ClientGate gate;

    /**
     * A check.
     *
     * @param gate counts what is refused, too
     */
    AccessCheck(Doorkeeper doorkeeper, AccessMeters meters, @Nullable ClientGate gate) {
        this.gate = gate;
        this.doorkeeper = doorkeeper;
        this.meters = meters;
    }

    /** Lets in who is allowed that, for the model or pipeline in the path. */
    Handler<RoutingContext> of(Scope scope) {
        return ctx -> check(ctx, scope);
    }

    private void check(RoutingContext ctx, Scope scope) {
        String shown;
        try {
            shown = shown(ctx);
        } catch (ServingException e) {
            certified(ctx)
                    .ifPresentOrElse(
                            principal -> admit(ctx, principal, new Asked(scope, subject(ctx))),
                            () -> refuse(ctx, e, ""));
            return;
        }
        Future<Principal> known = doorkeeper.identify(shown);
        if (!known.isComplete()) {
            ctx.request().pause(); // nobody reads the body meanwhile
            known = known.onComplete(done -> ctx.request().resume());
        }
        known.onSuccess(principal -> admit(ctx, principal, new Asked(scope, subject(ctx))))
                .onFailure(failure -> refuse(ctx, failure, ", error=\"invalid_token\""));
    }

    /** What somebody wants. */
    private record Asked(Scope scope, @Nullable String model) {}

    private static @Nullable String subject(RoutingContext ctx) {
        String model = ctx.pathParam("model");
        return model == null ? ctx.pathParam("pipeline") : model;
    }

    private void admit(RoutingContext ctx, Principal principal, Asked asked) {
        if (principal.grants().allow(asked.scope(), asked.model())) {
            meters.granted(principal.name());
            Exchange.of(ctx).principal(principal.name());
            ctx.next();
            return;
        }
        meters.denied();
        String needed = asked.scope().text();
        ctx.response()
                .putHeader(CHALLENGE, "Bearer realm=\"augur\", error=\"insufficient_scope\", scope=\"" + needed + "\"");
        ctx.fail(new ServingException(
                ErrorCode.PERMISSION_DENIED,
                "\"" + principal.name() + "\" may not: this needs the scope " + needed
                        + (asked.scope() == Scope.PREDICT && asked.model() != null
                                ? " or " + needed + ":" + asked.model()
                                : "")));
    }

    /** Who has shown nothing but a certificate, while the connection was made. */
    private Optional<Principal> certified(RoutingContext ctx) {
        var headers = ctx.request().headers();
        boolean silent = !headers.contains(HttpHeaders.AUTHORIZATION) && !headers.contains(API_KEY);
        return silent
                ? CertificateName.of(ctx.request().connection()).flatMap(doorkeeper::certified)
                : Optional.empty();
    }

    private void refuse(RoutingContext ctx, Throwable reason, String error) {
        var failure = gate == null ? reason : gate.orRefused(ctx, reason);
        if (failure instanceof ServingException known && known.code() == ErrorCode.UNAUTHENTICATED) {
            meters.unauthenticated();
            var headers = ctx.response().headers();
            headers.add(CHALLENGE, "Bearer realm=\"augur\"" + error);
            if (isPage(ctx)) { // the browser asks its user
                headers.add(CHALLENGE, "Basic realm=\"augur: the key as the password\"");
            }
        }
        ctx.fail(failure);
    }

    private static boolean isPage(RoutingContext ctx) {
        String accepted = ctx.request().getHeader(HttpHeaders.ACCEPT);
        return ctx.request().method().equals(HttpMethod.GET) && accepted != null && accepted.contains("text/html");
    }

    /** The key or token. */
    private static String shown(RoutingContext ctx) {
        MultiMap headers = ctx.request().headers();
        String authorization = Headers.single(headers, HttpHeaders.AUTHORIZATION, ErrorCode.INVALID_ARGUMENT);
        if (authorization == null) {
            String key = Headers.single(headers, API_KEY, ErrorCode.INVALID_ARGUMENT);
            if (key == null || key.isBlank()) {
                throw nothing();
            }
            return key.trim();
        }
        String scheme =
                authorization.substring(0, authorization.indexOf(' ') + 1).toLowerCase(Locale.ROOT);
        String rest = authorization.substring(scheme.length()).trim();
        if (scheme.equals(BEARER) && !rest.isEmpty()) {
            return rest;
        }
        if (scheme.equals(BASIC)) {
            requireOwnPage(headers);
            return password(rest);
        }
        throw nothing();
    }

    /** Browsers send a password that they know with whatever any page asks of us. */
    private static void requireOwnPage(MultiMap headers) {
        if (CrossSite.asks(headers)) {
            throw new ServingException(
                    ErrorCode.PERMISSION_DENIED,
                    "a page of another server cannot use the key that a browser knows; send it as Bearer");
        }
    }

    private static String password(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            throw nothing();
        }
    }

    private static ServingException nothing() {
        return new ServingException(
                ErrorCode.UNAUTHENTICATED,
                "a key or a token is needed: Authorization: Bearer <key>, or " + API_KEY + ": <key>");
    }
}
