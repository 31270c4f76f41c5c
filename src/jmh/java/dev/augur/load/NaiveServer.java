package dev.augur.load;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A model behind Vert.x as one writes it in an afternoon: JSON as objects, one {@code executeBlocking} a request. No
 * checks, no limits, no batches, no meters. Its arguments are files of models. The program prints where it serves.
 * Confined to one event loop.
 */
public final class NaiveServer extends VerticleBase {
    private static final int SHARED_FREE_PORT = -1;

    private final Map<String, OpenedModel> models;

    private NaiveServer(Map<String, OpenedModel> models) {
        this.models = models;
    }

    /** Starts an instance on each core. */
    public static void main(String[] arguments) throws OrtException {
        var models = OpenedModel.open(Arrays.stream(arguments).map(Path::of).toList());
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        var instances =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(() -> new NaiveServer(models), instances).onFailure(failure -> {
            System.out.println("cannot start: " + failure);
            vertx.close();
        });
    }

    @Override
    public Future<?> start() {
        var router = Router.router(vertx);
        router.post("/v2/models/:model/infer")
                .handler(BodyHandler.create(/* handleFileUploads= */ false))
                .handler(this::handle);
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(SHARED_FREE_PORT, "127.0.0.1")
                .onSuccess(server -> System.out.println("ready at http://127.0.0.1:" + server.actualPort()));
    }

    private void handle(RoutingContext ctx) {
        var model = requireNonNull(models.get(ctx.pathParam("model")));
        var request = ctx.body().asJsonObject();
        vertx.executeBlocking(() -> run(model, request)).onSuccess(ctx::json).onFailure(ctx::fail);
    }

    private static JsonObject run(OpenedModel model, JsonObject request) throws OrtException {
        var input = request.getJsonArray("inputs").getJsonObject(0);
        var data = input.getJsonArray("data");
        var numbers = FloatBuffer.allocate(data.size());
        for (int i = 0; i < data.size(); i++) {
            numbers.put(i, data.getFloat(i));
        }
        long[] shape = input.getJsonArray("shape").stream()
                .mapToLong(dimension -> ((Number) dimension).longValue())
                .toArray();
        var outputs = new JsonArray();
        try (var tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), numbers, shape);
                var result = model.session().run(Map.of(input.getString("name"), tensor))) {
            for (var output : result) {
                outputs.add(json(output.getKey(), (OnnxTensor) output.getValue()));
            }
        }
        return new JsonObject()
                .put("model_name", model.name())
                .put("model_version", "1")
                .put("outputs", outputs);
    }

    private static JsonObject json(String name, OnnxTensor tensor) {
        var shape = new JsonArray();
        LongStream.of(tensor.getInfo().getShape()).forEach(shape::add);
        var data = new JsonArray();
        boolean floats = tensor.getInfo().type == OnnxJavaType.FLOAT;
        if (floats) {
            for (var numbers = tensor.getFloatBuffer(); numbers.hasRemaining(); ) {
                data.add(numbers.get());
            }
        } else {
            for (var numbers = tensor.getLongBuffer(); numbers.hasRemaining(); ) {
                data.add(numbers.get());
            }
        }
        return new JsonObject()
                .put("name", name)
                .put("datatype", floats ? "FP32" : "INT64")
                .put("shape", shape)
                .put("data", data);
    }
}
