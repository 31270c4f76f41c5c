package dev.augur.client;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.BusCaller;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is behind a line comes from the ledger, then as it is stored, without a gap and none twice. */
class SubscriptionTest {
    private static final String AFTER = "augur.predictions.after";
    private static final JsonObject ITEM = new JsonObject().put("item_id", 43);

    private static TestServer server;
    private static AugurClient client;
    private static AugurClient overHttp;
    private static BusCaller bus;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("prediction-log.segment-size=64KiB");
        client = AugurClient.overEventBus(server.vertx());
        overHttp = AugurClient.overHttp(
                server.vertx(), Endpoint.of(server.server().url().orElseThrow()));
        bus = new BusCaller(server.vertx());
        predict(150); // some segments
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void predict(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            await(client.predict("wine", ITEM));
        }
    }

    private static List<Long> seqs(List<JsonObject> records) {
        return records.stream().map(record -> record.getLong("seq")).toList();
    }

    private static Long[] upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toArray(Long[]::new);
    }

    private static int stored() throws Exception {
        return server.records().size();
    }

    private static AugurClient over(String carrier) {
        return carrier.equals("HTTP") ? overHttp : client;
    }

    @Test
    void twoSubscriptionsThatHaveTheSameRecordsHandEachOverOnce() throws Exception {
        var got = new CopyOnWriteArrayList<JsonObject>();
        var once = new EachRecordOnce(record -> {
            got.add(record);
            return Future.succeededFuture();
        });
        var one = client.subscribe(LogPosition.beginning(), once);
        var two = overHttp.subscribe(LogPosition.beginning(), once);
        eventually(() -> one.position().seq() >= 150 && two.position().seq() >= 150);
        one.close();
        two.close();
        assertThat(seqs(got)).doesNotHaveDuplicates().contains(upTo(150));
    }

    @ParameterizedTest
    @ValueSource(strings = {"event bus", "HTTP"})
    void allOfItComesThenWhatIsNew(String carrier) throws Exception {
        var got = new CopyOnWriteArrayList<JsonObject>();
        var subscription = over(carrier).subscribe(LogPosition.beginning(), record -> {
            got.add(record);
            return Future.succeededFuture();
        });
        predict(60); // while the old ones are read
        eventually(() -> got.size() >= stored());
        predict(5); // to one that waits
        eventually(() -> got.size() >= stored());
        assertThat(seqs(got)).containsExactly(upTo(got.size()));
        assertThat(subscription.position()).isEqualTo(LogPosition.of(got.get(got.size() - 1)));
        subscription.close();
        await(subscription.ended());

        var rest = new CopyOnWriteArrayList<JsonObject>();
        var from = new LogPosition(subscription.position().writer(), 100);
        var second = over(carrier).subscribe(from, record -> {
            rest.add(record);
            return Future.succeededFuture();
        });
        eventually(() -> rest.size() >= stored() - 100);
        assertThat(rest.get(0).getLong("seq")).isEqualTo(101);
        second.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"event bus", "HTTP"})
    void aSlowHandlerHoldsNothingUpAndAFailingOneEnds(String carrier) throws Exception {
        Promise<Void> done = Promise.promise();
        var got = new CopyOnWriteArrayList<JsonObject>();
        var slow = over(carrier).subscribe(LogPosition.beginning(), record -> {
            got.add(record);
            return done.future();
        });
        eventually(() -> got.size() == 1);
        predict(20);
        assertThat(got).hasSize(1);
        done.complete();
        eventually(() -> got.size() >= stored());
        assertThat(seqs(got)).containsExactly(upTo(got.size()));
        slow.close();

        var failing = over(carrier)
                .subscribe(
                        new LogPosition(slow.position().writer(), 7),
                        record -> record.getLong("seq") == 9
                                ? Future.failedFuture(new IllegalStateException("no more"))
                                : Future.succeededFuture());
        eventually(() -> failing.ended().failed());
        assertThat(failing.position().seq()).isEqualTo(8);
    }

    @Test
    void theAddressSaysWhatIsWrong() {
        assertThat(bus.refusal(AFTER, new JsonObject().put("seq", -1), Map.of()))
                .isEqualTo("400 \"seq\" must be an integer from 0 to " + Long.MAX_VALUE);
        assertThat(bus.refusal(AFTER, new JsonObject().put("from", 1), Map.of()))
                .startsWith("400 \"from\" is not known");
        assertThat(bus.refusal(AFTER, new JsonObject().put("writer", "../x"), Map.of()))
                .startsWith("400 \"writer\" must be");
        assertThat(bus.refusal(AFTER, new JsonObject().put("place", "../x:1"), Map.of()))
                .startsWith("400 \"place\" must be");
        assertThat(bus.refusal(AFTER, new JsonObject().put("wait", "1h"), Map.of()))
                .startsWith("400 wait must be a time");
        assertThat(bus.refusal(AFTER, new JsonObject().put("limit", 2_000), Map.of()))
                .startsWith("400 \"limit\" must be an integer from 1 to 1000");
        assertThat(bus.refusal(AFTER, new JsonObject().put("writer", "writer-00000000"), Map.of()))
                .startsWith("404 no node that runs has the folder of \"writer-00000000\"");
        for (Object none : List.of("text", "null", "[]", Buffer.buffer("{\"seq\":"), Buffer.buffer())) {
            assertThat(bus.refusal(AFTER, none, Map.of())).startsWith("400 expected a JsonObject");
        }
        assertThat(bus.refusal(AFTER, Buffer.buffer(new byte[5_000]), Map.of())).startsWith("413 ");
    }

    @Test
    void anAnswerHasTheFormOfItsQuestion() throws Exception {
        var asked = new JsonObject().put("seq", 20).put("limit", 2);
        var object = (JsonObject) bus.ask(AFTER, asked);
        assertThat(object.getJsonArray("records")).hasSize(2);
        assertThat(new JsonObject((Buffer) bus.ask(AFTER, asked.toBuffer()))).isEqualTo(object);
        assertThat(new JsonObject((String) bus.ask(AFTER, asked.encode()))).isEqualTo(object);
    }

    @Test
    void aPlaceThatIsStaleChangesNothing() throws Exception {
        var asked = new JsonObject().put("seq", 20).put("limit", 1);
        for (String place : List.of("", "1:0", "1:17", "77:12", "1:999999999")) {
            var piece = (JsonObject) bus.ask(AFTER, asked.copy().put("place", place));
            assertThat(piece.getJsonArray("records").getJsonObject(0).getLong("seq"))
                    .as(place)
                    .isEqualTo(21);
        }
    }

    @Test
    void thoseWhoNeverComeBackAreBounded() throws Exception {
        var options = new DeliveryOptions().setSendTimeout(100);
        var asked = new JsonObject().put("seq", 1_000_000_000).put("wait", "3s");
        for (int i = 0; i < 100; i++) {
            server.vertx().eventBus().request(AFTER, asked, options);
        }
        assertThat(bus.refusal(AFTER, asked, Map.of())).startsWith("429 100 subscribers");
        predict(1);
        eventually(() -> ((JsonObject) ask()).containsKey("records")); // once the others' time is over
    }

    private static Object ask() {
        try {
            return bus.ask(AFTER, new JsonObject());
        } catch (Exception stillFull) {
            return new JsonObject();
        }
    }
}
