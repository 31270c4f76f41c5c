package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.HttpLoad;
import dev.augur.testkit.HttpLoad.Route;
import dev.augur.testkit.LogCounters;
import dev.augur.testkit.PostgresProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server under load over HTTP whose table is away and slow: requests notice nothing, and the table gets every record
 * once.
 */
@ExtendWith(VertxExtension.class)
class SinkOutageTest {
    private static final String LAG = "augur_prediction_log_sink_lag_records{sink=\"postgres\"}";
    private static final String FAILURES = "augur_prediction_log_sink_failures_total{sink=\"postgres\"}";

    @TempDir
    Path directory;

    @Test
    void theTableHasEveryRecordOnceWhenTheDatabaseWasKilledAndFrozen(Vertx vertx) throws Exception {
        var postgres = PostgresProcess.start();
        var log = new LogFolder(directory);
        try (var augur = AugurProcess.start(variables(log, postgres))) {
            var before = HttpLoad.start(augur, Route.PIPELINE, 1, 2);
            var after = HttpLoad.start(augur, Route.MODEL, 1, 2);
            before.goesOn(100);
            postgres.kill();
            untilFailed(augur);
            before.goesOn(100);
            postgres.launch();
            eventually(() -> augur.meter(LAG) < 50);
            postgres.pause();
            before.goesOn(100);
            untilFailed(augur);
            postgres.resume();
            before.stop();
            after.stop();
            assertThat(before.refused() + after.refused()).isZero();
            var told = tellOutcome(augur, before.acknowledged().get(0));

            eventually(() -> LogCounters.of(augur).pending() == 0);
            eventually(() -> augur.meter(LAG) == 0);
            var ids = new ArrayList<String>();
            postgres.execute(vertx, "SELECT record_id FROM augur_predictions ORDER BY seq")
                    .forEach(row -> ids.add(row.getString(0)));
            assertThat(ids)
                    .isEqualTo(log.checkedRecords().stream()
                            .map(record -> record.getString("record_id"))
                            .toList());
            assertOutcomeIsARow(vertx, postgres, told);
        } finally {
            postgres.close();
        }
    }

    private static JsonObject tellOutcome(AugurProcess augur, String recordId) throws Exception {
        var answer = augur.post("/predictions/" + recordId + "/outcome", "{\"outcome\":{\"cultivar\":1}}")
                .get();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    /** An outcome has an id, a time and a node of its own, and the rest in the JSON. */
    private static void assertOutcomeIsARow(Vertx vertx, PostgresProcess postgres, JsonObject told) throws Exception {
        var row = postgres.execute(
                        vertx,
                        "SELECT * FROM augur_predictions WHERE record->>'type' = 'outcome' AND record_id = '"
                                + told.getString("record_id") + "'")
                .iterator()
                .next();
        assertThat(row.getOffsetDateTime("received_at")).isNotNull();
        assertThat(row.getString("node")).startsWith("node-");
        for (var column : List.of("model", "model_version", "endpoint", "item_id", "status")) {
            assertThat(row.getString(column)).as(column).isNull();
        }
        var record = (JsonObject) row.getJson("record");
        assertThat(record.getString("prediction_id")).isEqualTo(told.getString("prediction_id"));
        assertThat(record.getJsonObject("outcome")).isEqualTo(new JsonObject().put("cultivar", 1));
    }

    private static void untilFailed(AugurProcess augur) throws Exception {
        double failures = augur.meter(FAILURES);
        eventually(() -> augur.meter(FAILURES) > failures);
    }

    private static Map<String, String> variables(LogFolder log, PostgresProcess postgres) {
        var variables = new HashMap<>(log.variables());
        Map.of(
                        "ENABLED",
                        "true",
                        "PORT",
                        String.valueOf(postgres.port()),
                        "DATABASE",
                        PostgresProcess.DATABASE,
                        "USER",
                        PostgresProcess.USER,
                        "PASSWORD",
                        PostgresProcess.PASSWORD,
                        "SSL_MODE",
                        "verify-ca",
                        "CA_FILE",
                        postgres.authority().toString(),
                        "TIMEOUT",
                        "1s",
                        "MAX_RETRY_DELAY",
                        "200ms")
                .forEach((name, value) -> variables.put("AUGUR_PREDICTION_LOG_POSTGRES_" + name, value));
        return variables;
    }
}
