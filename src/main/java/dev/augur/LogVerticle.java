package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.membership.MembershipVerticle;
import dev.augur.membership.NodeName;
import dev.augur.membership.Nodes;
import dev.augur.metrics.Meters;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The prediction log alone, without HTTP, to be deployed by its name: {@code deployVerticle("dev.augur.LogVerticle",
 * options)}. It takes the records of all nodes of the event bus that have no log, publishes them, gives them to
 * subscribers, and in a cluster is a node that the others ask for them. Its configuration is that of
 * {@link AugurVerticle}, of which {@code data}, {@code prediction-log} and {@code cluster.silence} count. Confined to
 * one event loop.
 */
public final class LogVerticle extends VerticleBase {
    private @Nullable Deployments deployments;
    private @Nullable NodeName name;

    /** One that is configured by its deployment. */
    public LogVerticle() {}

    /** Done when it takes records. Fails when the ledger cannot be used. */
    @Override
    public Future<?> start() {
        var parts = new Deployments(vertx);
        deployments = parts;
        return AugurVerticle.outside(config(), config -> NodeName.claim(vertx, config.dataDirectory())
                .compose(claimed -> {
                    name = claimed;
                    return deploy(parts, config, claimed.text());
                }));
    }

    @Override
    public Future<?> stop() {
        var stopped = deployments == null ? Future.succeededFuture() : deployments.undeployAll();
        return stopped.onComplete(over -> release());
    }

    private Future<?> deploy(Deployments parts, ServerConfig config, String node) {
        var meters = new Meters();
        var models = new ModelRegistry();
        var log = LogRole.of(config, meters, /* repair= */ false);
        var nodes = new Nodes(config.membership(), vertx.isClustered(), description(node, models, log));
        var asked = new BusPredictionLog(vertx, config.predictionLog(), /* localWriter= */ true);
        return log.deploy(parts)
                .compose(writes -> log.deployConsumers(parts, asked, nodes))
                .compose(reads -> parts.deploy(
                        Part.MEMBERSHIP, () -> new MembershipVerticle(config.membership(), nodes, models), 1))
                .recover(failure -> parts.undeployAll().transform(undone -> {
                    release();
                    return Future.failedFuture(failure);
                }));
    }

    private static SelfDescription description(String node, ModelRegistry models, LogRole log) {
        return new SelfDescription(
                node,
                Set.of(Role.LOG),
                models,
                new SelfDescription.Parts(
                        Optional::empty,
                        () -> "",
                        Optional.empty(),
                        () -> log.folder().map(folder -> String.valueOf(folder.getFileName())),
                        () -> false,
                        List::of));
    }

    private void release() {
        if (name != null) {
            name.release();
        }
    }
}
