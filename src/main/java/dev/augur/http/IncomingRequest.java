package dev.augur.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.protocol.RequestJson;
import dev.augur.request.InvalidJson;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as a {@link Route} reads it. Used by one thread at a time. */
public final class IncomingRequest {
    private final Exchange exchange;
    private final Map<String, String> pathParameters;
    private final MultiMap queryParameters;
    private final MultiMap headers;
    private byte @Nullable [] body; // an exchange puts it together once

    IncomingRequest(RoutingContext ctx) {
        this.exchange = Exchange.of(ctx);
        this.pathParameters = ctx.pathParams();
        this.queryParameters = ctx.queryParams();
        this.headers = ctx.request().headers();
    }

    /** What stands in the path where the route has {@code :name}, decoded. */
    public String pathParameter(String name) {
        var value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return value;
    }

    /**
     * A parameter of the query, decoded; empty if it is not there. Fails with {@code INVALID_ARGUMENT} when it is given
     * twice.
     */
    public Optional<String> queryParameter(String name) {
        var values = queryParameters.getAll(name);
        if (values.size() > 1) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT, "the parameter " + name + " is given " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    /** Its headers. */
    public MultiMap headers() {
        return headers;
    }

    /** Its body, whole. No bytes where there is none. */
    public byte[] body() {
        var whole = body == null ? exchange.body() : body;
        body = whole;
        return whole;
    }

    /**
     * The JSON of its body, read as on every other route. Fails with {@code INVALID_ARGUMENT} when
     * it is none; a missing node where there is no body.
     */
    public JsonNode json() {
        try {
            return RequestJson.tree(body());
        } catch (JsonProcessingException e) {
            throw InvalidJson.of(e);
        } catch (IOException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }
}
