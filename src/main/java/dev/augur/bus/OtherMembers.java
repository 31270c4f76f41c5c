package dev.augur.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.List;

/**
 * Who is in the cluster beside this member, nodes or other programs, whether they say anything or not: as the cluster
 * manager knows it, to which no public way leads. Thread-safe.
 */
public final class OtherMembers {
    private OtherMembers() {}

    /** How many there are now; none where there is no cluster. */
    public static int count(Vertx vertx) {
        var cluster = ((VertxInternal) vertx).clusterManager();
        return cluster == null ? 0 : Math.max(0, cluster.getNodes().size() - 1);
    }

    /** How many of them listen at this address. Fails where the cluster manager does not know. */
    public static Future<Integer> listeningAt(Vertx vertx, String address) {
        var cluster = ((VertxInternal) vertx).clusterManager();
        if (cluster == null) {
            return Future.succeededFuture(0);
        }
        Promise<List<RegistrationInfo>> found = Promise.promise(); // of the cluster manager, which takes no future
        cluster.getRegistrations(address, found);
        return found.future().map(all -> (int) all.stream()
                .map(RegistrationInfo::nodeId)
                .filter(node -> !node.equals(cluster.getNodeId()))
                .distinct()
                .count());
    }
}
