package dev.augur.consumer;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.BusCaller;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Addresses come and go with the models, and with the server. */
class BusLifeTest {
    private static final String IRIS = "augur.models.iris";
    private static final JsonObject ROW = new JsonObject(
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");
    private static final JsonObject ENDLESS = new JsonObject(
            "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1000000000]}]}");
    private static final String LOAD = "/v2/repository/models/%s/load";
    private static final String UNLOAD = "/v2/repository/models/%s/unload";

    @Test
    void theAddressesAreThereWhileTheModelIsLoaded() throws Exception {
        try (var server = TestServer.start()) {
            var bus = new BusCaller(server.vertx());
            bus.ask(IRIS, ROW);
            assertThat(server.post(UNLOAD.formatted("iris"), "").statusCode()).isEqualTo(200);
            eventually(() -> isAway(bus, IRIS, ROW));
            assertThat(server.post(LOAD.formatted("iris"), "").statusCode()).isEqualTo(200);
            eventually(() -> !isAway(bus, IRIS, ROW));
            bus.ask(IRIS, ROW);

            var wine = new JsonObject().put("item_id", 43);
            assertThat(isAway(bus, "augur.pipelines.wine", wine)).isFalse();
            assertThat(server.post(UNLOAD.formatted("wine"), "").statusCode()).isEqualTo(200);
            eventually(() -> isAway(bus, "augur.pipelines.wine", wine));
        }
    }

    @Test
    void aReloadLosesNoRequest() throws Exception {
        try (var server = TestServer.start()) {
            var bus = new BusCaller(server.vertx());
            var asking = new Asking(bus, IRIS, ROW);
            for (int i = 0; i < 5; i++) {
                assertThat(server.post(LOAD.formatted("iris"), "").statusCode()).isEqualTo(200);
            }
            asking.end();
            assertThat(asking.failures).isEmpty();
            assertThat(asking.answered).hasPositiveValue();
        }
    }

    @Test
    void theServerAnswersWhatItHasTakenBeforeItStops() throws Exception {
        var server = TestServer.start();
        var asking = new Asking(new BusCaller(server.vertx()), IRIS, ROW);
        eventually(() -> asking.answered.get() > 200);
        server.stop();
        asking.end();
        // Those on their way at that moment find no consumer: they fail at once, and the bus says how.
        assertThat(asking.failures.stream().map(ReplyException::failureType).collect(Collectors.toSet()))
                .isSubsetOf(Set.of(ReplyFailure.NO_HANDLERS, ReplyFailure.TIMEOUT));
        assertThat(asking.failures)
                .filteredOn(failure -> failure.failureType() == ReplyFailure.TIMEOUT)
                .allMatch(failure -> failure.getMessage().startsWith("Discarded the request"));
        assertThat(server.records()).hasSize(asking.answered.get()).allMatch(record -> "OK"
                .equals(record.getString("status")));
        await(server.vertx().close());
    }

    @Test
    void whatDoesNotEndInTimeIsToldSo() throws Exception {
        var server = TestServer.start("models.repository=" + Rows.repository(), "shutdown.timeout=500ms");
        var bus = new BusCaller(server.vertx());
        var running = bus.request("augur.models.broken_slow", ENDLESS, Map.of());
        eventually(() -> server.meter("augur_bus_in_flight") == 1);
        var stopped = server.server().stop();
        assertThat(running.toCompletionStage())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOfSatisfying(ReplyException.class, failure -> {
                    assertThat(failure.failureCode()).isEqualTo(503);
                    assertThat(failure).hasMessage("this node is stopping");
                });
        assertThat(stopped.toCompletionStage())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("1 requests of the event bus were not answered in time");
        await(server.vertx().close());
    }

    @Test
    void anEmbeddingProgramWithoutHttpAsksToo() throws Exception {
        try (var server = TestServer.start("roles=predict,log")) {
            var answer = (JsonObject) new BusCaller(server.vertx()).ask(IRIS, ROW);
            assertThat(answer.getString("model_name")).isEqualTo("iris");
            eventually(() -> server.records().size() == 1);
        }
    }

    private static boolean isAway(BusCaller bus, String address, JsonObject body) {
        try {
            bus.ask(address, body);
            return false;
        } catch (Exception e) {
            return e.getCause() instanceof ReplyException failure && failure.failureType() == ReplyFailure.NO_HANDLERS;
        }
    }

    /** Some callers that ask again and again until they are told to end. */
    private static final class Asking {
        private static final int CALLERS = 16;

        private final BusCaller bus;
        private final String address;
        private final JsonObject body;
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final List<ReplyException> failures = new CopyOnWriteArrayList<>();
        private volatile boolean over;

        private Asking(BusCaller bus, String address, JsonObject body) {
            this.bus = bus;
            this.address = address;
            this.body = body;
            for (int i = 0; i < CALLERS; i++) {
                next();
            }
        }

        private void next() {
            if (over) {
                return;
            }
            asked.incrementAndGet();
            Future<Message<Object>> request = bus.request(address, body, Map.of());
            request.onComplete(answer -> {
                if (answer.succeeded()) {
                    answered.incrementAndGet();
                    next();
                } else {
                    failures.add((ReplyException) answer.cause());
                }
                ended.incrementAndGet();
            });
        }

        private void end() throws Exception {
            over = true;
            eventually(() -> ended.get() == asked.get());
        }
    }
}
