package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.LedgerConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A prediction log under steady load, as a program of its own that can be killed: arguments DIRECTORY PREFIX FSYNC SEGMENT_BYTES [ID …]. It
 * sends the given ids and then {@code PREFIX-1}, {@code PREFIX-2}, and so on, a fixed number at a time; it prints {@code acked ID … .} for
 * what was acknowledged, {@code refused .} when a group could not be written, and {@code cannot start MESSAGE .}. Confined to one event
 * loop.
 */
public final class LogProgram {
    private static final PredictionLogConfig.Records RECORDS =
            new PredictionLogConfig.Records(4_096, List.of(), Duration.ofSeconds(5));

    private static final int IN_FLIGHT = 64;
    private static final long LOOK_MILLIS = 20;

    private final Vertx vertx;
    private final BusPredictionLog log;
    private final PredictionLogVerticle writer;
    private final String prefix;
    private final List<String> acknowledged = new ArrayList<>();
    private long sent;
    private long refused;

    private LogProgram(Vertx vertx, Path directory, String prefix, LedgerConfig ledger) {
        this.vertx = vertx;
        var config = new PredictionLogConfig(
                1_000, Duration.ofSeconds(1), Duration.ofMillis(100), ledger, RECORDS, LedgerTest.QUERY);
        this.log = new BusPredictionLog(vertx, config, /* localWriter= */ true);
        this.writer = new PredictionLogVerticle(directory, config);
        this.prefix = prefix;
    }

    public static void main(String[] arguments) {
        var ledger = new LedgerConfig(
                Boolean.parseBoolean(arguments[2]),
                Long.parseLong(arguments[3]),
                LedgerConfig.Retention.ALL,
                Long.MAX_VALUE);
        var vertx = Vertx.vertx();
        vertx.runOnContext(start -> new LogProgram(vertx, Path.of(arguments[0]), arguments[1], ledger)
                .run(List.of(arguments).subList(4, arguments.length)));
    }

    private void run(List<String> again) {
        vertx.deployVerticle(writer)
                .onSuccess(deployed -> {
                    vertx.setPeriodic(LOOK_MILLIS, timer -> look());
                    again.forEach(this::send);
                    for (int i = 0; i < IN_FLIGHT; i++) {
                        sendNext();
                    }
                })
                .onFailure(failure -> {
                    System.out.println("cannot start " + failure.getMessage() + " .");
                    vertx.close();
                });
    }

    private void sendNext() {
        sent++;
        send(prefix + "-" + sent).onComplete(acked -> sendNext());
    }

    private Future<Void> send(String id) {
        return log.append(Future.succeededFuture(LedgerTest.record(id))).onSuccess(acked -> {
            if (acknowledged.isEmpty()) {
                vertx.runOnContext(later -> print());
            }
            acknowledged.add(id);
        });
    }

    private void print() {
        System.out.println("acked " + String.join(" ", acknowledged) + " .");
        acknowledged.clear();
    }

    private void look() {
        if (writer.failedGroups() > refused) {
            refused = writer.failedGroups();
            System.out.println("refused .");
        }
    }
}
