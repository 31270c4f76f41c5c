package dev.augur.http;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.List;

/**
 * Routes that belong together. It is deployed before the node listens, and undeployed when the last request has been
 * answered and the prediction log is drained: pools and clients of its routes live as long as it does. Thread-safe once
 * deployed.
 */
public interface RouteGroup extends Deployable {
    /** Its routes; asked for once it is deployed. */
    List<Route<?, ?>> routes();

    /** Routes that have nothing to open and nothing to close. */
    static RouteGroup of(Route<?, ?>... routes) {
        var all = List.of(routes);
        return new RouteGroup() {
            @Override
            public List<Route<?, ?>> routes() {
                return all;
            }

            @Override
            public Future<?> deploy(Context context) {
                return Future.succeededFuture();
            }
        };
    }
}
