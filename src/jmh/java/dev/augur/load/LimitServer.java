package dev.augur.load;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What is possible if one gives everything up: the model runs on the event loop, the rows of one tick together, in
 * memory that is made once. No checks, no limits, no routes, no meters, and a slow model stops everything. Its
 * arguments are files of models. The program prints where it serves. Confined to one event loop.
 */
public final class LimitServer extends VerticleBase {
    private static final int SHARED_FREE_PORT = -1;
    private static final String BEFORE_NAME = "/v2/models/";
    private static final String AFTER_NAME = "/infer";

    private final Collection<OpenedModel> models;
    private final Map<String, Lane> lanes = new HashMap<>();

    private LimitServer(Collection<OpenedModel> models) {
        this.models = models;
    }

    /** Starts an instance on each core. */
    public static void main(String[] arguments) throws OrtException {
        var models = OpenedModel.open(Arrays.stream(arguments).map(Path::of).toList());
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        var instances =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(() -> new LimitServer(models.values()), instances).onFailure(failure -> {
            System.out.println("cannot start: " + failure);
            vertx.close();
        });
    }

    @Override
    public Future<?> start() throws OrtException {
        for (OpenedModel model : models) {
            lanes.put(model.name(), new Lane(model));
        }
        return vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(SHARED_FREE_PORT, "127.0.0.1")
                .onSuccess(server -> System.out.println("ready at http://127.0.0.1:" + server.actualPort()));
    }

    private void handle(HttpServerRequest request) {
        var path = request.path();
        var name = path.substring(BEFORE_NAME.length(), path.length() - AFTER_NAME.length());
        var lane = requireNonNull(lanes.get(name));
        request.body().onSuccess(body -> take(lane, body, request.response()));
    }

    private void take(Lane lane, Buffer body, HttpServerResponse response) {
        try {
            if (lane.add(body.getBytes(), response)) {
                context.runOnContext(tick -> run(lane));
            }
            if (lane.full()) {
                lane.run();
            }
        } catch (IOException | OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Lane lane) {
        try {
            lane.run();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
