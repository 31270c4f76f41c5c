package dev.augur.predictionlog.sink;

import io.vertx.core.Vertx;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A ledger that is written without end and brought to a table that keeps up, as a program of its own that can be killed: arguments DIRECTORY PORT USER
 * PASSWORD DATABASE FIRST. Ids are numbers from FIRST on.
 */
public final class SinkProgram {
    private static final int GROUP = 20;
    private static final int MOST_BEHIND = 1_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private SinkProgram() {}

    public static void main(String[] arguments) throws Exception {
        var vertx = Vertx.vertx();
        var config = new PostgresConfig(
                new PostgresConfig.Address("127.0.0.1", Integer.parseInt(arguments[1]), arguments[4]),
                new PostgresConfig.Login(arguments[2], Optional.of(arguments[3])),
                new PostgresConfig.Encryption(SslMode.REQUIRE, Optional.empty()),
                "augur_predictions",
                new PostgresConfig.Limits(200, Duration.ofSeconds(1), Duration.ofMillis(200)));
        var followed = FollowedLedger.open(
                vertx, Path.of(arguments[0]), FollowedLedger.LARGE, new PostgresSink(vertx, config));
        for (int i = Integer.parseInt(arguments[5]); ; i += GROUP) {
            followed.append(i, i + GROUP - 1, "");
            do {
                LockSupport.parkNanos(PAUSE_NANOS);
            } while (followed.progress().lagRecords() > MOST_BEHIND);
        }
    }
}
