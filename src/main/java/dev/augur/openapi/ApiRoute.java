package dev.augur.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.augur.protocol.RequestJson;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A route to be described. Immutable, thread-safe.
 *
 * @param method GET, POST …
 * @param path with parameters as {@code {name}}
 * @param own what the route says of itself: members of an Operation Object, which may be none
 * @param scope what who asks must be allowed; empty for what everybody may
 */
public record ApiRoute(String method, String path, ObjectNode own, Optional<String> scope) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    public ApiRoute {
        own = own.deepCopy();
    }

    /** A route that says that of itself. */
    public static ApiRoute of(String method, String path, JsonObject own) {
        try {
            return new ApiRoute(
                    method,
                    path,
                    (ObjectNode) RequestJson.tree(own.encode().getBytes(StandardCharsets.UTF_8)),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("the description of " + method + " " + path, e);
        }
    }

    /** The same route for those who are allowed that. */
    public ApiRoute needing(String needed) {
        return new ApiRoute(method, path, own, Optional.of(needed));
    }

    /** The name of its operation among those of its path. */
    String key() {
        return method.toLowerCase(Locale.ROOT);
    }

    /** The names of the parameters in its path, in their order. */
    List<String> parameters() {
        return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
    }

    boolean hasBody() {
        return !method.equals("GET") && !method.equals("DELETE");
    }

    /** Whether its errors are those of the Open Inference Protocol. */
    boolean isProtocol() {
        return path.equals("/v2") || path.startsWith("/v2/");
    }

    /** The operation of a route of one's own: what it says, and for the rest what holds for every route. */
    ObjectNode described() {
        var operation = own.deepCopy();
        if (!operation.has("tags")) {
            operation.putArray("tags").add("Other routes");
        }
        if (!operation.has("operationId")) {
            operation.put("operationId", key() + path.replaceAll("[^A-Za-z0-9]+", "_"));
        }
        if (!operation.has("summary")) {
            operation.put("summary", method + " " + path);
        }
        describeParameters(operation);
        if (hasBody() && !operation.has("requestBody")) {
            json(operation.putObject("requestBody"));
        }
        if (!operation.path("responses").has("200")) {
            json(operation.withObject("/responses").putObject("200").put("description", "The answer."));
        }
        return operation;
    }

    private void describeParameters(ObjectNode operation) {
        for (String name : parameters()) {
            boolean described = false;
            for (var parameter : operation.withArray("parameters")) {
                described |= parameter.path("name").asText().equals(name)
                        && parameter.path("in").asText().equals("path");
            }
            if (!described) {
                operation
                        .withArray("parameters")
                        .addObject()
                        .put("name", name)
                        .put("in", "path")
                        .put("required", true)
                        .putObject("schema")
                        .put("type", "string");
            }
        }
    }

    private static void json(ObjectNode holder) {
        holder.putObject("content").putObject("application/json").putObject("schema");
    }
}
