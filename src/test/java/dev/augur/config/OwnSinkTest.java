package dev.augur.config;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionLogConfig;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerOptions;
import dev.augur.predictionlog.reading.QueryConfig;
import dev.augur.predictionlog.sink.Sink;
import dev.augur.predictionlog.sink.SinkKind;
import dev.augur.predictionlog.sink.SinkLimits;
import dev.augur.predictionlog.sink.SinksConfig;
import dev.augur.setting.Plugins;
import dev.augur.setting.Section;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A sink that is not the server's own gets the records, and needs nothing but its class and a line. */
@ExtendWith(VertxExtension.class)
class OwnSinkTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    /** The example of {@code PREDICTION-LOG.md}: lines at the end of a file. */
    public static final class FileSinkKind implements SinkKind {
        @Override
        public String name() {
            return "file";
        }

        @Override
        public Opening<?> read(Section settings) {
            var path = settings.path("path");
            var limits = SinkLimits.read(settings, Duration.ofSeconds(10), Duration.ofMinutes(1));
            return new Opening<>(limits, vertx -> new FileSink(vertx, path));
        }
    }

    private record FileSink(Vertx vertx, Path path) implements Sink<Buffer> {
        @Override
        public String name() {
            return "file";
        }

        @Override
        public Buffer prepare(List<LedgerLine> lines) {
            var batch = Buffer.buffer();
            lines.forEach(line -> batch.appendBytes(line.bytes()).appendString("\n"));
            return batch;
        }

        @Override
        public Future<Void> write(Buffer batch) {
            var append = new OpenOptions().setAppend(true);
            return vertx.fileSystem().open(path.toString(), append).compose(file -> file.write(batch)
                    .eventually(file::close));
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    @Test
    void getsWhatIsRecorded(Vertx vertx) throws Exception {
        var file = folder.resolve("records.jsonl");
        var config = read("file: {enabled: true, path: " + file + ", batch-size: 10}");
        assertThat(config.sinks()).hasSize(1);
        var log = logConfig(config);
        await(vertx.deployVerticle(new PredictionLogVerticle(folder.resolve("log"), log, LedgerOptions.plain())));
        var sender = new BusPredictionLog(vertx, log, /* localWriter= */ true);

        var record = new OutcomeRecord(1, OutcomeRecord.TYPE, "id", "prediction", "node", Instant.now(), null, true);
        await(sender.store(Future.succeededFuture(record), Duration.ofSeconds(20)));
        eventually(() -> Files.exists(file) && Files.readString(file).contains("\"prediction_id\":\"prediction\""));
    }

    @Test
    void isLeftAloneUnlessEnabled() throws Exception {
        assertThat(read("file: {path: records}").sinks()).isEmpty();
    }

    private SinksConfig read(String yaml) throws Exception {
        var kinds = Plugins.of(SinkKind.class, PluggedIn.classes(folder, SinkKind.class, FileSinkKind.class));
        assertThat(kinds).extracting(SinkKind::name).contains("postgres", "kafka", "file");
        var reader = new ConfigReader(new ConfigSource("test", new YAMLMapper().readTree(yaml), Map.of()));
        var sinks = SinkSettings.read(reader, kinds);
        assertThat(reader.problems()).isEmpty();
        return sinks;
    }

    private static PredictionLogConfig logConfig(SinksConfig sinks) {
        return new PredictionLogConfig(
                100,
                SECOND,
                SECOND,
                new LedgerConfig(false, 1 << 20, new LedgerConfig.Retention(Duration.ZERO, 0), 0),
                new PredictionLogConfig.Records(4_096, List.of(), SECOND, 10),
                new QueryConfig(1 << 20, 100, 10, 100),
                sinks);
    }
}
