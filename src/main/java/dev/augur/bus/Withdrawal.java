package dev.augur.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.Collection;
import java.util.List;

/**
 * Takes addresses of this node from the others, so that they send elsewhere, and leaves the consumers here: what is on
 * its way already is still taken. Vert.x's own {@code unregister} does both at once, and a request that comes behind it
 * is answered by nobody; so this asks the cluster manager, to which no public way leads. Thread-safe.
 */
public final class Withdrawal {
    private Withdrawal() {}

    /** Done when the cluster knows; at once where there is none. */
    public static Future<Void> of(Vertx vertx, Collection<String> addresses) {
        if (!vertx.isClustered()) {
            return Future.succeededFuture();
        }
        var cluster = ((VertxInternal) vertx).clusterManager();
        return Future.join(addresses.stream()
                        .map(address -> withdraw(cluster, address))
                        .toList())
                .mapEmpty();
    }

    private static Future<Void> withdraw(ClusterManager cluster, String address) {
        Promise<List<RegistrationInfo>> found = Promise.promise(); // of the cluster manager, which takes no future
        cluster.getRegistrations(address, found);
        return found.future().compose(all -> Future.join(all.stream()
                        .filter(one -> one.nodeId().equals(cluster.getNodeId()))
                        .map(one -> remove(cluster, address, one))
                        .toList())
                .mapEmpty());
    }

    private static Future<Void> remove(ClusterManager cluster, String address, RegistrationInfo one) {
        Promise<Void> removed = Promise.promise();
        cluster.removeRegistration(address, one, removed);
        return removed.future();
    }
}
