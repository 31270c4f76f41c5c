package dev.augur.predictionlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.testkit.TestServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests that are refused by the thousand. */
class RefusalsTest {
    private static final int JUNK = 300;
    private static final String OK = "{\"item_id\":43}";

    @Test
    void junkIsCountedAndToldInOneRecord() throws Exception {
        try (var server = TestServer.start("prediction-log.refused-per-second=5")) {
            var schema = server.get("/schemas/prediction-record.json").body();
            long start = System.nanoTime();
            var answers = Stream.generate(() -> server.postAsync("/v2/models/iris/infer", "{"))
                    .limit(JUNK)
                    .toList();
            for (var answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(400);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            assertThat(server.post("/predict/wine", OK).statusCode()).isEqualTo(200);
            TestServer.eventually(() -> server.meter("augur_prediction_log_pending") == 0);
            double summarised = server.meter("augur_prediction_log_records_total{outcome=\"summarised\"}");
            server.stop();
            var records = server.records();
            assertThat(records)
                    .filteredOn(record -> "OK".equals(record.getString("status")))
                    .hasSize(1);
            var refused = records.stream()
                    .filter(record -> "CLIENT_ERROR".equals(record.getString("status")))
                    .count();
            assertThat(refused).isBetween(5L, 5 * (seconds + 2));
            var told = records.stream()
                    .filter(record -> RefusalsRecord.TYPE.equals(record.getString("type")))
                    .toList();
            assertThat(told.stream().mapToLong(record -> record.getLong("count")))
                    .isNotEmpty();
            assertThat(told.stream()
                            .mapToLong(record -> record.getLong("count"))
                            .sum())
                    .isEqualTo(JUNK - refused)
                    .isEqualTo((long) summarised);
            assertThat(told.get(0).getJsonObject("refused").getLong("400 INVALID_ARGUMENT"))
                    .isEqualTo(told.get(0).getLong("count"));
            assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(new ObjectMapper().readTree(told.get(0).encode())))
                    .isEmpty();
        }
    }

    @Test
    void anEntityThatAStoreDoesNotKnowKeepsARecordOfItsOwn() {
        var refusals = new Refusals(/* perSecond= */ 0);
        var unknown = new ServingException(ErrorCode.NOT_FOUND, "unknown");
        var record = new PredictionRecord("/predict", "node", "model")
                .failed(unknown)
                .answered(404, null);
        assertThat(refusals.keeps(record)).isFalse();
        assertThat(refusals.keeps(record.featureSource("store"))).isTrue();
        record.failed(new ServingException(ErrorCode.INVALID_ARGUMENT, "wrong")).answered(400, null);
        assertThat(refusals.keeps(record)).isFalse();
        assertThat(refusals.summary().orElseThrow().count()).isEqualTo(2);
    }

    @Test
    void whatIsKeptSaysSo() {
        assertThat(new LedgerConfig.Retention(Duration.ZERO, 10L << 30).text()).contains("10240 MiB");
    }
}
