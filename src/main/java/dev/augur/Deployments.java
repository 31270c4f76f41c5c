package dev.augur;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verticles of one server: deployed one after another, undeployed in reverse. Used by one step of the server at a
 * time.
 */
final class Deployments {
    private final Vertx vertx;
    private final ArrayDeque<Deployed> deployed = new ArrayDeque<>(); // the last one first

    /** What a server deploys. */
    enum Part {
        LOG,
        ACCESS,
        PREDICTION,
        ROUTES,
        CONSUMERS,
        BRIDGE,
        CONSOLE,
        HTTP,
        MEMBERSHIP
    }

    private record Deployed(Part part, String id) {}

    Deployments(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Deploys so many instances; done when they have started. */
    Future<?> deploy(Part part, Supplier<? extends Deployable> verticle, int instances) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .onSuccess(id -> deployed.push(new Deployed(part, id)));
    }

    /** Undeploys what there is of that part, the last one first. */
    Future<Void> undeploy(Part part) {
        return undeploy(deployed.stream().filter(one -> one.part() == part).toList());
    }

    /** Undeploys all, the last one first. Goes on after a failure, and then fails with the first. */
    Future<Void> undeployAll() {
        return undeploy(List.copyOf(deployed));
    }

    /** One step after another, whatever becomes of those before; fails with the first failure. */
    static Future<Void> inAnyCase(List<Supplier<Future<Void>>> steps) {
        Future<Void> over = Future.succeededFuture();
        for (var step : steps) {
            over = over.transform(
                    before -> step.get().transform(after -> ended(before.failed() ? before.cause() : after.cause())));
        }
        return over;
    }

    private Future<Void> undeploy(List<Deployed> some) {
        deployed.removeAll(some);
        return inAnyCase(some.stream()
                .<Supplier<Future<Void>>>map(one -> () -> vertx.undeploy(one.id()))
                .toList());
    }

    private static Future<Void> ended(@Nullable Throwable failure) {
        return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
    }
}
