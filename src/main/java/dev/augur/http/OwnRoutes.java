package dev.augur.http;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sees to it that no route takes the requests of another: a table of routes is read from above. One use, one thread.
 */
final class OwnRoutes {
    private static final Pattern PATH = Pattern.compile("(/(:[a-z][a-z0-9_]*|[A-Za-z0-9._~-]+))+");
    private static final Pattern PARAMETER = Pattern.compile(":[a-z][a-z0-9_]*");
    private static final List<HttpMethod> METHODS =
            List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final List<Endpoint> table;

    /** Beside these, which come with the server. */
    OwnRoutes(List<Endpoint> builtIn) {
        this.table = new ArrayList<>(builtIn);
    }

    /** Takes one more; throws {@link IllegalArgumentException} if it cannot be served. */
    void add(Endpoint own) {
        if (!PATH.matcher(own.path()).matches() || !METHODS.contains(own.method())) {
            throw new IllegalArgumentException("the route " + own + " cannot be served: expected one of " + METHODS
                    + " and a path such as /items/:item_id");
        }
        table.stream().filter(other -> takes(other, own)).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException("the route " + own + " is never reached: " + other + " comes first");
        });
        table.add(own);
    }

    /** All of them. */
    List<Endpoint> all() {
        return List.copyOf(table);
    }

    private static boolean takes(Endpoint first, Endpoint second) {
        var taken = PARAMETER
                .matcher(first.path().replace(".", "\\.").replace("/*", "(/.*)?"))
                .replaceAll("[^/]+");
        return first.method().equals(second.method()) && Pattern.matches(taken, second.path());
    }
}
