package dev.augur.predictionlog.sink;

import io.vertx.core.Vertx;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A ledger that is written without end and brought to a sink that keeps up, as a program of its own that can be killed:
 * arguments DIRECTORY FIRST, and PORT USER PASSWORD DATABASE of PostgreSQL, or BROKER TOPIC of Kafka. Ids are numbers
 * from FIRST on.
 */
public final class SinkProgram {
    private static final int GROUP = 20;
    private static final int MOST_BEHIND = 1_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final SinkLimits LIMITS = new SinkLimits(200, Duration.ofSeconds(1), Duration.ofMillis(200));

    private SinkProgram() {}

    public static void main(String[] arguments) throws Exception {
        var vertx = Vertx.vertx();
        var sink = arguments.length == 4 ? kafka(vertx, arguments) : postgres(vertx, arguments);
        var followed = FollowedLedger.open(vertx, Path.of(arguments[0]), FollowedLedger.LARGE, sink);
        for (int i = Integer.parseInt(arguments[1]); ; i += GROUP) {
            followed.append(i, i + GROUP - 1, "");
            do {
                LockSupport.parkNanos(PAUSE_NANOS);
            } while (followed.progress().lagRecords() > MOST_BEHIND);
        }
    }

    private static Sink<?> kafka(Vertx vertx, String[] arguments) {
        return new KafkaSink(
                vertx, new KafkaConfig(List.of(arguments[2]), arguments[3], Map.of(), LIMITS), new SentIds());
    }

    private static Sink<?> postgres(Vertx vertx, String[] arguments) {
        return new PostgresSink(
                vertx,
                new PostgresConfig(
                        new PostgresConfig.Address("127.0.0.1", Integer.parseInt(arguments[2]), arguments[5]),
                        new PostgresConfig.Login(arguments[3], Optional.of(arguments[4])),
                        new PostgresConfig.Encryption(SslMode.REQUIRE, Optional.empty()),
                        "augur_predictions",
                        LIMITS));
    }
}
