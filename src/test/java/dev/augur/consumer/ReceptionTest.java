package dev.augur.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.KeptRecords;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.request.BodyMemory;
import dev.augur.testkit.BusCaller;
import dev.augur.worker.JsonWork;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** A fault of the server is hidden from the caller, logged once, and recorded. */
@ExtendWith(VertxExtension.class)
class ReceptionTest {
    @Test
    void tellsNothingOfAFault(Vertx vertx) throws Exception {
        var log = new KeptRecords();
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        var logger = (Logger) LoggerFactory.getLogger(Reception.class);
        logger.addAppender(logged);
        try {
            var work = new JsonWork(new WorkerPool(vertx, "json", 1, 1), 1_000);
            var recorder = new Recorder(
                    new Recording(log, "node", model -> Delivery.AFTER_ANSWER, 1_000, Duration.ofSeconds(1)), work);
            var limits = new ConsumerConfig.Limits(1_000, 1_000, 1_000, Duration.ofSeconds(10));
            var admission = new Admission(new InFlight(10), BodyMemory.ofRequests(1_000), limits, new Meters());
            var reception = new Reception(admission, recorder, work, new MessageBodies(limits, /* clustered= */ false));
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
            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line -> "INTERNAL".equals(line.getString("error_code"))
                            && line.getInteger("http_status") == 500
                            && !line.encode().contains("secret"));
            assertThat(admission.inFlight().count()).isZero();
        } finally {
            logger.detachAppender(logged);
        }
    }
}
