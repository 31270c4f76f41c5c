package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.config.ServerConfig;
import dev.augur.consumer.LogConsumerVerticle;
import dev.augur.logview.LocalLog;
import dev.augur.logview.LogQuestionsVerticle;
import dev.augur.membership.Nodes;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.ledger.Cursors;
import dev.augur.predictionlog.ledger.LedgerOptions;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node of the role log is made of: the ledger, and who gives it to subscribers. Thread-safe once deployed. */
final class LogRole {
    private final Meters meters;
    private final @Nullable PredictionLogVerticle verticle;

    private LogRole(Meters meters, @Nullable PredictionLogVerticle verticle) {
        this.meters = meters;
        this.verticle = verticle;
    }

    /** The role on this node; with {@code repair}, damaged files of the ledger are moved aside. */
    static LogRole of(ServerConfig config, Meters meters, boolean repair) {
        var options = new LedgerOptions(repair, Cursors.NONE);
        var verticle = new PredictionLogVerticle(config.predictionsDirectory(), config.predictionLog(), options);
        return new LogRole(meters, verticle);
    }

    /** On a node that writes no log. */
    static LogRole none(Meters meters) {
        return new LogRole(meters, null);
    }

    /** Deploys the ledger and its sinks; fails when the ledger cannot be used. */
    Future<?> deploy(Deployments deployments) {
        return verticle().<Future<?>>map(log -> deploy(deployments, log)).orElseGet(Future::succeededFuture);
    }

    private Future<?> deploy(Deployments deployments, PredictionLogVerticle log) {
        meters.ledger(log);
        return deployments.deploy(Part.LOG, () -> log, 1).onSuccess(deployed -> {
            log.followers().forEach(meters::sink);
            meters.pool(log.reader().workers());
        });
    }

    /** Deploys the addresses of the event bus at which the ledger is read: by subscribers, and by other nodes. */
    Future<?> deployConsumers(Deployments deployments, BusPredictionLog log, Nodes nodes) {
        return verticle()
                .<Future<?>>map(writer -> deployments
                        .deploy(
                                Part.CONSUMERS,
                                () -> new LogConsumerVerticle(
                                        writer, other -> nodes.writers().containsKey(other), meters),
                                1)
                        .compose(deployed -> deployments.deploy(
                                Part.CONSUMERS,
                                () -> new LogQuestionsVerticle(
                                        local(writer, log, nodes.self().node())),
                                1)))
                .orElseGet(Future::succeededFuture);
    }

    /** Who writes the ledger; empty on a node that does not. */
    Optional<PredictionLogVerticle> verticle() {
        return Optional.ofNullable(verticle);
    }

    /** Where it is written; empty on a node that does not. */
    Optional<Path> folder() {
        return verticle().map(PredictionLogVerticle::folder);
    }

    /** The log as it answers questions about records; empty on a node that has none. Known once it is deployed. */
    Optional<LocalLog> local(BusPredictionLog log, String node) {
        return verticle().map(writer -> local(writer, log, node));
    }

    private static LocalLog local(PredictionLogVerticle writer, BusPredictionLog log, String node) {
        return new LocalLog(node, String.valueOf(writer.folder().getFileName()), writer.reader(), log);
    }
}
