package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.access.AccessVerticle;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.consumer.Admission;
import dev.augur.consumer.InFlight;
import dev.augur.http.PeerCertificate;
import dev.augur.http.RouterVerticle;
import dev.augur.metrics.Meters;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.request.BodyMemory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node of a configuration would find wrong when it starts: its files of keys and certificates, its folder, its
 * models, pipelines and feature stores. Loads the models as a start does; binds no port, writes nothing and serves
 * nobody. Confined to one event loop.
 */
public final class Inspection {
    private final Vertx vertx;
    private final ServerConfig config;
    private final Deployments deployments;
    private final ModelRegistry models = new ModelRegistry();
    private final PredictRole predict;
    private final List<Problem> problems = new ArrayList<>();

    /** One thing that is wrong: in what it was found, and the line that tells it. */
    public record Problem(String part, String line) {}

    /**
     * What was found.
     *
     * @param models that can be served
     * @param pipelines that there are
     */
    public record Findings(List<Problem> problems, int models, int pipelines) {
        public Findings {
            problems = List.copyOf(problems);
        }
    }

    private Inspection(Vertx vertx, ServerConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.deployments = new Deployments(vertx);
        var log = new BusPredictionLog(vertx, config.predictionLog(), /* localWriter= */ true);
        var records = config.predictionLog().records();
        var recording = new Recording(
                log, "check", model -> config.models().of(model).delivery(), records.maxTensorBytes(), Duration.ZERO);
        var admission = new Admission(
                new InFlight(0), BodyMemory.ofRequests(0), config.eventBus().limits(), new Meters());
        this.predict = new PredictRole(config, models, recording, admission);
    }

    /** Looks at everything; fails only by a fault of the program. */
    public static Future<Findings> of(Vertx vertx, ServerConfig config) {
        var inspection = new Inspection(vertx, config);
        return inspection
                .look()
                .eventually(() -> inspection.deployments.undeployAll().otherwiseEmpty());
    }

    private Future<Findings> look() {
        return access().compose(done -> certificates()).compose(done -> {
            folder();
            return config.roles().contains(Role.PREDICT)
                    ? predictions()
                    : Future.succeededFuture(new Findings(problems, 0, 0));
        });
    }

    private Future<Void> access() {
        return config.access().isChecked()
                ? deployments
                        .deploy(Part.ACCESS, () -> new AccessVerticle(config.access()), 1)
                        .<Void>mapEmpty()
                        .recover(failure -> note("access", failure))
                : Future.succeededFuture();
    }

    private Future<Void> certificates() {
        return httpCertificates().compose(done -> peerCertificates());
    }

    private Future<Void> peerCertificates() {
        var cluster = config.cluster();
        Future<?> checked = cluster.tls().isEmpty()
                ? Future.succeededFuture()
                : PeerCertificate.check(vertx, cluster.tls().get(), cluster.host());
        return checked.<Void>mapEmpty().recover(failure -> {
            note("cluster.tls", String.valueOf(failure.getMessage()));
            return Future.succeededFuture();
        });
    }

    private Future<Void> httpCertificates() {
        return RouterVerticle.checkCertificates(vertx, config.http())
                .<Void>mapEmpty()
                .recover(failure -> note("http.tls", failure));
    }

    /** A start makes it; the nearest folder above it that is there has to allow that. */
    private void folder() {
        Path nearest = config.dataDirectory().toAbsolutePath().normalize();
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        if (config.roles().contains(Role.LOG) && !(Files.isDirectory(nearest) && Files.isWritable(nearest))) {
            note(
                    "data.directory",
                    "data.directory: " + config.dataDirectory() + ": " + nearest
                            + " is no folder that this user may write to");
        }
    }

    private Future<Findings> predictions() {
        return predict.deploy(deployments, () -> Duration.ofSeconds(1))
                .compose(deployed -> predict.load())
                .map(loaded -> {
                    tellModels();
                    return findings();
                })
                .recover(failure -> {
                    var unused = note("models", failure);
                    return Future.succeededFuture(findings());
                });
    }

    private void tellModels() {
        for (var model : models.entries()) {
            if (!model.ready()) {
                var folder = config.models().repository().resolve(model.name());
                var place = model.version().isEmpty() ? folder : folder.resolve(model.version());
                note("model", place + ": " + model.reason());
            }
        }
        predict.service()
                .pipelines()
                .notReady()
                .forEach((name, reason) -> note("pipeline", "pipelines." + name + ": " + reason));
    }

    private Findings findings() {
        return new Findings(
                problems,
                models.ready().size(),
                predict.service().pipelines().all().size());
    }

    private Future<Void> note(String part, Throwable failure) {
        note(part, part + ": " + Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
        return Future.succeededFuture();
    }

    private void note(String part, String line) {
        problems.add(new Problem(part, line));
    }
}
