package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.bus.Addresses;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records of several event loops, and of verticles that are gone. */
@ExtendWith(VertxExtension.class)
class RecordSenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final PredictionLogConfig CONFIG = new PredictionLogConfig(
            1_000,
            Duration.ofMillis(200),
            Duration.ofMillis(100),
            LedgerTest.CONFIG,
            new PredictionLogConfig.Records(4_096, List.of(), Duration.ofSeconds(5), 10),
            LedgerTest.QUERY);

    private Vertx vertx;
    private BusPredictionLog log;

    @TempDir
    Path directory;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
        log = new BusPredictionLog(vertx, CONFIG, /* localWriter= */ true);
    }

    @Test
    void sendsWhatAVerticleHasLeftThatIsGone() throws Exception {
        var offering = await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                for (int i = 0; i < 1_000; i++) { // more than one turn writes
                    log.append(record("r" + i));
                }
                return Future.succeededFuture();
            }
        }));
        await(vertx.undeploy(offering));

        await(vertx.deployVerticle(new PredictionLogVerticle(directory, CONFIG)));

        await(log.drain(Duration.ofSeconds(10)));
        assertThat(ids())
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> "r" + i).toList());
    }

    @Test
    void whoWaitsIsToldInTimeAlsoWhereAnotherVerticleOfTheEventLoopHasGone() throws Exception {
        Promise<Context> loop = Promise.promise();
        var waiting = await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                loop.complete(context);
                log.store(Future.succeededFuture(record("first")), PATIENCE);
                return Future.succeededFuture();
            }
        }));
        await(vertx.undeploy(waiting));
        Promise<Void> late = Promise.promise();
        await(loop.future())
                .runOnContext(turn -> log.store(Future.succeededFuture(record("second")), Duration.ofMillis(50))
                        .onComplete(late));

        assertThatThrownBy(() -> await(late.future())).hasMessageContaining("does not take records now");
    }

    @Test
    void sendsTheRecordsOfEachEventLoopAndOfOtherThreads() throws Exception {
        await(vertx.deployVerticle(new PredictionLogVerticle(directory, CONFIG)));
        for (int loop = 0; loop < 4; loop++) {
            String name = "loop" + loop;
            await(vertx.deployVerticle(new VerticleBase() {
                @Override
                public Future<?> start() {
                    log.append(record(name));
                    return log.store(Future.succeededFuture(record(name + " waits")), PATIENCE);
                }
            }));
        }
        log.append(record("thread"));

        await(log.drain(Duration.ofSeconds(10)));
        assertThat(log.stored()).isEqualTo(9);
        assertThat(ids()).hasSize(9).doesNotHaveDuplicates();
    }

    /** What comes late to a log would be another group's records then. */
    @Test
    void writesOverNoGroupThatWasSentTwice() throws Exception {
        RecordGroup.register(vertx);
        var groups = new CopyOnWriteArrayList<RecordGroup>();
        vertx.eventBus().<RecordGroup>consumer(Addresses.PREDICTION_LOG, message -> {
            groups.add(message.body());
            if (groups.size() > 1) { // the first time nobody answers
                message.reply(null);
            }
        });
        for (String id : List.of("first", "second", "third")) {
            await(log.store(Future.succeededFuture(record(id)), PATIENCE));
        }
        assertThat(groups.stream().map(group -> group.id(0))).containsExactly("first", "first", "second", "third");
        assertThat(groups.get(2).json()).isNotSameAs(groups.get(1).json());
        assertThat(groups.get(3).json()).isSameAs(groups.get(2).json());
        assertThat(new String(groups.get(0).json(), 0, groups.get(0).to(0), StandardCharsets.UTF_8))
                .contains("\"record_id\":\"first\"");
    }

    private List<String> ids() throws Exception {
        return TestServer.records(directory).stream()
                .map(line -> line.getString("record_id"))
                .toList();
    }
}
