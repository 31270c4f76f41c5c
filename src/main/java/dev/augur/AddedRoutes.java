package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.http.NodeServices;
import dev.augur.http.Route;
import dev.augur.http.RouteSource;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The routes of a node that are not the server's own, in groups. Thread-safe. */
final class AddedRoutes {
    private final List<Route<?, ?>> routes = new CopyOnWriteArrayList<>();

    /** Opens and deploys one group after another. */
    Future<?> deploy(Deployments deployments, List<RouteSource> sources, NodeServices services) {
        Future<?> deployed = Future.succeededFuture();
        for (RouteSource source : sources) {
            deployed = deployed.compose(before -> {
                var group = source.open(services);
                return deployments.deploy(Part.ROUTES, () -> group, 1).onSuccess(done -> routes.addAll(group.routes()));
            });
        }
        return deployed;
    }

    /** Those deployed so far. */
    List<Route<?, ?>> routes() {
        return List.copyOf(routes);
    }
}
