package dev.augur.client;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.inference.InferenceRequest;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client on both of its carriers, against a real server. */
class AugurClientTest {
    private static final InferenceRequest IRIS =
            InferenceRequest.of("iris", Tensor.ofFloats("features", Shape.of(1, 4), 5.1f, 3.5f, 1.4f, 0.2f));
    private static final InferenceRequest ENDLESS =
            InferenceRequest.of("broken_slow", Tensor.ofLongs("n", Shape.of(1), 1_000_000_000));
    private static final String RUNNING = "augur_model_running{model=\"broken_slow\",version=\"1\"}";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    static Path folder;

    private static TestServer server;
    private static AugurClient http;
    private static AugurClient bus;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                "models.repository=" + Rows.repository(),
                "models.by-name.broken_slow.queue=0",
                "models.by-name.broken_slow.workers=1");
        http = AugurClient.overHttp(
                server.vertx(), Endpoint.of(server.server().url().orElseThrow()));
        bus = AugurClient.overEventBus(server.vertx());
    }

    @AfterAll
    static void stop() throws Exception {
        await(http.close());
        await(bus.close());
        server.close();
    }

    static Stream<AugurClient> clients() {
        return Stream.of(http, bus);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void tensorsGoAndComeAsBytes(AugurClient client) throws Exception {
        var answer = await(client.infer(IRIS));
        assertThat(answer.model()).isEqualTo("iris");
        assertThat(answer.version()).isEqualTo("1");
        assertThat(answer.outputs()).extracting(Tensor::name).containsExactly("label", "probabilities");
        assertThat(answer.outputs().get(0).elements().getLong()).isZero();
        assertThat(answer.outputs().get(1).elements().getFloat()).isEqualTo(0.9975712f);

        var doubled = await(client.infer(InferenceRequest.of(
                "doubler_f64",
                Tensor.ofDoubles("feature_value", Shape.of(3, 1), 1.5, Double.NaN, Double.POSITIVE_INFINITY))));
        assertThat(doubled.outputs().get(0).toDoubles()).containsExactly(3, Double.NaN, Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aPipelineIsAsked(AugurClient client) throws Exception {
        var answer = await(client.predict("wine", new JsonObject().put("item_id", 43)));
        assertThat(answer.getString("label")).isEqualTo("class_1");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void errorsHaveTheStatusAndTheText(AugurClient client) {
        assertThat(told(failure(client.predict("wine", new JsonObject()))))
                .isEqualTo("422 [body, item_id]: Field required");
        assertThat(failure(client.predict("wine", new JsonObject().put("item_id", 77_777))))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(404))
                .hasMessageContaining("has no entity");
        var wrong = InferenceRequest.of("iris", Tensor.ofDoubles("features", Shape.of(1, 4), 1, 2, 3, 4));
        assertThat(failure(client.infer(wrong)))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(400))
                .satisfies(failure -> assertThat(failure.retryAfter()).isEmpty())
                .hasMessageContaining("input \"features\"");
        var version = new InferenceRequest(null, "iris", "7", IRIS.inputs(), List.of(), null, IRIS.priority());
        assertThat(failure(client.infer(version)).status()).isEqualTo(404);
    }

    @Test
    void whoIsNotThereIsTold() {
        assertThat(failure(http.infer(InferenceRequest.of("nobody"))).status()).isEqualTo(404);
        assertThat(failure(bus.infer(InferenceRequest.of("nobody"))))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(503))
                .hasMessage(
                        "no node answers at augur.models.nobody: it is loaded nowhere, or this program is not in the"
                                + " cluster of one that has it (src/docs/EVENT-BUS.md, Join a cluster)");
        var away = AugurClient.overHttp(server.vertx(), Endpoint.of("http://127.0.0.1:1"));
        assertThat(failure(away.infer(IRIS)))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(503))
                .hasMessageContaining("http://127.0.0.1:1 cannot be asked: ");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void whatIsTooMuchOrTooLateIsTold(AugurClient client) throws Exception {
        eventually(() -> server.meter(RUNNING) == 0);
        var running = client.infer(ENDLESS, CallOptions.within(Duration.ofSeconds(3)));
        eventually(() -> server.meter(RUNNING) == 1);
        var refused = failure(client.infer(ENDLESS));
        assertThat(told(refused)).isEqualTo("429 model \"broken_slow\": 0 requests wait already");
        assertThat(refused.retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(failure(running).status()).isEqualTo(504);
        eventually(() -> server.meter(RUNNING) == 0); // the server has given it up, too
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aCallerMayLeave(AugurClient client) throws Exception {
        eventually(() -> server.meter(RUNNING) == 0);
        Promise<Void> gone = Promise.promise();
        var running =
                client.infer(ENDLESS, CallOptions.within(Duration.ofMinutes(1)).until(gone.future()));
        eventually(() -> server.meter(RUNNING) == 1);
        gone.complete();
        assertThat(told(failure(running))).isEqualTo("499 the caller does not wait any more");
        eventually(() -> server.meter(RUNNING) == 0);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void theRecordKnowsTheRequestAndItsTrace(AugurClient client) throws Exception {
        String id = client == http ? "by-http" : "by-bus";
        var options = CallOptions.DEFAULT
                .named(id)
                .tracedBy("00-" + TRACE + "-00f067aa0ba902b7-01")
                .as("shop");
        await(client.infer(IRIS, options));
        eventually(() -> server.records().stream()
                .anyMatch(record -> id.equals(record.getString("client_request_id"))
                        && TRACE.equals(record.getString("trace_id"))
                        && "shop".equals(record.getString("principal")) == (client == bus))); // HTTP asks for a key
    }

    @Test
    void anotherIsAskedWhereOneDoesNotAnswerOrIsNotReady() throws Exception {
        var again = CallOptions.within(Duration.ofSeconds(20)).againAfter(Duration.ofMillis(20));
        var item = new JsonObject().put("item_id", 43);
        for (boolean answers : new boolean[] {false, true}) {
            var taken = new AtomicInteger();
            var other = server.vertx().eventBus().consumer("augur.pipelines.wine", message -> {
                taken.incrementAndGet();
                if (answers) {
                    message.fail(503, "this node is stopping");
                }
            });
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 2; i++) { // the addresses take turns
                assertThat(await(bus.predict("wine", item, again)).getString("label"))
                        .isEqualTo("class_1");
            }
            assertThat(taken.get()).isPositive();
            await(other.unregister());
        }
        assertThat(told(failure(bus.predict("wine", new JsonObject(), again)))).startsWith("422 ");
    }

    @Test
    void aKeyAndACertificateAreTaken() throws Exception {
        var certificate = Certificate.create(folder);
        var keys = new KeyFile(folder.resolve("keys.yaml"));
        String key = keys.create(new Principal("shop", Grants.known(List.of("predict:iris"))), null);
        try (var guarded = TestServer.start(
                "access.keys=" + keys.path(),
                "http.tls.certificate=" + certificate.file(),
                "http.tls.key=" + certificate.keyFile())) {
            var endpoint = Endpoint.of(guarded.server().url().orElseThrow())
                    .trusting(certificate.file().toString());
            var known = AugurClient.overHttp(guarded.vertx(), endpoint.withKey(key));
            assertThat(await(known.infer(IRIS)).model()).isEqualTo("iris");
            assertThat(failure(known.predict("wine", new JsonObject())).status())
                    .isEqualTo(403);
            var unknown = AugurClient.overHttp(guarded.vertx(), endpoint);
            assertThat(failure(unknown.infer(IRIS)).status()).isEqualTo(401);
            var distrustful = AugurClient.overHttp(
                    guarded.vertx(), Endpoint.of(guarded.server().url().orElseThrow()));
            assertThat(failure(distrustful.infer(IRIS)).status()).isEqualTo(503);
            assertThat(endpoint.withKey(key).toString()).doesNotContain(key);
            await(Future.join(known.close(), unknown.close(), distrustful.close()));
        }
    }

    private static String told(AugurException failure) {
        return failure.status() + " " + failure.getMessage();
    }

    private static AugurException failure(Future<?> call) {
        var failure = catchThrowable(() -> await(call));
        assertThat(failure).hasCauseInstanceOf(AugurException.class);
        return (AugurException) failure.getCause();
    }
}
