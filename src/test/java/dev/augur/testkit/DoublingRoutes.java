package dev.augur.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.http.IncomingRequest;
import dev.augur.http.NodeServices;
import dev.augur.http.Route;
import dev.augur.http.RouteGroup;
import dev.augur.request.Caller;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Routes as an embedding program adds them: {@code POST /double} doubles a {@code feature_value} on a pool of its own,
 * which takes as long as {@code double.delay} says; {@code /double_recorded} is recorded as well.
 */
final class DoublingRoutes extends VerticleBase implements RouteGroup {
    private static final String POOL = "double";

    private final NodeServices services;
    private final long delayMillis;
    private final int workers;
    private final int queue;
    private WorkerPool pool;

    /** With settings such as {@code double.workers}. */
    DoublingRoutes(Map<String, String> settings, NodeServices services) {
        this.services = services;
        this.delayMillis = number(settings, "double.delay-ms", 0);
        this.workers = number(settings, "double.workers", 40);
        this.queue = number(settings, "double.queue", 1_000);
    }

    private static int number(Map<String, String> settings, String key, int other) {
        return Integer.parseInt(settings.getOrDefault(key, String.valueOf(other)));
    }

    @Override
    public Future<?> start() {
        pool = new WorkerPool(vertx, POOL, workers, queue);
        services.meters().pool(pool);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return pool.drain();
    }

    @Override
    public List<Route<?, ?>> routes() {
        return List.of(
                new Doubling("/double", Optional.empty()), new Doubling("/double_recorded", Optional.of("doubled")));
    }

    /** An item and a number. */
    private record Item(long id, double value) {}

    private final class Doubling implements Route<Item, JsonObject> {
        private final String path;
        private final Optional<String> recordedAs;

        private Doubling(String path, Optional<String> recordedAs) {
            this.path = path;
            this.recordedAs = recordedAs;
        }

        @Override
        public HttpMethod method() {
            return HttpMethod.POST;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public Optional<String> recordedAs() {
            return recordedAs;
        }

        @Override
        public Item decode(IncomingRequest request) {
            var body = request.json();
            var id = body.path("item_id");
            var value = body.path("feature_value");
            var errors = new ArrayList<FieldError>();
            if (!id.isIntegralNumber()) {
                errors.add(error("int_type", "item_id", id));
            }
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                errors.add(error("finite_number", "feature_value", value));
            }
            if (!errors.isEmpty()) {
                throw ServingException.invalidFields(errors);
            }
            return new Item(id.longValue(), value.doubleValue());
        }

        private static FieldError error(String type, String field, JsonNode found) {
            return new FieldError(type, List.of("body", field), "Input should be a number", found.asText());
        }

        @Override
        public Future<JsonObject> answer(Item item, Caller caller) {
            return pool.run(caller.gone(), () -> {
                TimeUnit.MILLISECONDS.sleep(delayMillis); // it stands for a prediction
                return new JsonObject().put("item_id", item.id()).put("prediction", 2 * item.value());
            });
        }

        @Override
        public Buffer encode(JsonObject answer) {
            return answer.toBuffer();
        }
    }
}
