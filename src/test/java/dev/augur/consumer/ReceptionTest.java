package dev.augur.consumer;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.config.ServerConfig;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.serving.BodyMemory;
import dev.augur.serving.JsonWork;
import dev.augur.serving.Recorder;
import dev.augur.serving.Recording;
import dev.augur.testkit.BusCaller;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A fault of the server is hidden from the caller, logged once, and recorded. */
class ReceptionTest {
    @Test
    void tellsNothingOfAFault() throws Exception {
        var records = new CopyOnWriteArrayList<PredictionRecord>();
        PredictionLog log = (record, delay) -> record.onSuccess(records::add).mapEmpty();
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        var logger = (Logger) LoggerFactory.getLogger(Reception.class);
        logger.addAppender(logged);
        var vertx = Vertx.vertx();
        try {
            var work = new JsonWork(new WorkerPool(vertx, "json", 1, 1), 1_000);
            var recorder = new Recorder(
                    new Recording(log, "node", ServerConfig.defaults().models(), 1_000, Duration.ofSeconds(1)), work);
            var node = new Reception.Node(new InFlight(10), new BodyMemory(1_000), new Meters());
            var reception = new Reception(node, recorder, work, Duration.ofSeconds(10));
            var thrown = List.<Reception.Answering>of(
                    request -> Future.failedFuture(new IllegalStateException("secret")), request -> {
                        throw new IllegalStateException("secret");
                    });
            for (int i = 0; i < thrown.size(); i++) {
                var answering = thrown.get(i);
                var address = "fault" + i;
                vertx.eventBus()
                        .consumer(
                                address,
                                message -> reception.receive(
                                        message,
                                        /* protocol= */ true,
                                        recorder.begin(address, "m", Delivery.AFTER_ANSWER),
                                        answering));
                assertThat(new BusCaller(vertx).refusal(address, "{}", Map.of()))
                        .isEqualTo("500 Internal Server Error");
            }
            assertThat(logged.list).hasSize(2);
            assertThat(records)
                    .hasSize(2)
                    .allMatch(record -> "INTERNAL".equals(record.errorCode())
                            && !String.valueOf(record.error()).contains("secret"));
            assertThat(node.inFlight().count()).isZero();
        } finally {
            logger.detachAppender(logged);
            await(vertx.close());
        }
    }
}
