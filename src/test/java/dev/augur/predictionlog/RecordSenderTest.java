package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private List<String> ids() throws Exception {
        return TestServer.records(directory).stream()
                .map(line -> line.getString("record_id"))
                .toList();
    }
}
