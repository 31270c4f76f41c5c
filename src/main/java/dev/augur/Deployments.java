package dev.augur;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The verticles of one server: deployed one after another, undeployed in reverse. Used by one step of the server at a time. */
final class Deployments {
    private final Vertx vertx;
    private final ArrayDeque<String> ids = new ArrayDeque<>(); // the last one first

    Deployments(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Deploys so many instances; done when they have started. */
    Future<?> deploy(Supplier<? extends Deployable> verticle, int instances) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .onSuccess(ids::push);
    }

    /** Undeploys the last one; nothing if there is none. */
    Future<Void> undeployLast() {
        var last = ids.poll();
        return last == null ? Future.succeededFuture() : vertx.undeploy(last);
    }

    /** Undeploys all, the last one first. Goes on after a failure, and then fails with the first. */
    Future<Void> undeployAll() {
        return ids.isEmpty() ? Future.succeededFuture() : inAnyCase(undeployLast(), this::undeployAll);
    }

    /** One step and then the next, whatever became of the first; fails with the first failure. */
    static Future<Void> inAnyCase(Future<Void> step, Supplier<Future<Void>> next) {
        return step.transform(first -> next.get()
                .transform(second -> first.failed() ? Future.failedFuture(first.cause()) : completed(second.cause())));
    }

    private static Future<Void> completed(@Nullable Throwable failure) {
        return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
    }
}
