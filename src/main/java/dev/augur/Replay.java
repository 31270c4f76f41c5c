package dev.augur;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.augur.config.ConfigException;
import dev.augur.config.ServerConfig;
import dev.augur.pipeline.PipelineConfig;
import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerReader;
import dev.augur.predictionlog.ledger.NewestFirst;
import dev.augur.predictionlog.ledger.ReadLimit;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.predictionlog.reading.RecordFilter;
import dev.augur.predictionlog.reading.RecordHead;
import dev.augur.replay.Comparison;
import dev.augur.replay.ModelClient;
import dev.augur.replay.RecordedInputs;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code replay}: sends recorded inputs to a model version of a running server and prints what differs from the recorded outputs. Memory is
 * one record and a block of the log. Exit codes: 0 when all that was compared is equal, 1 when something is not, 2 when it cannot be done.
 * One thread; blocks.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends the recorded inputs of a model to a version of it on a running server and prints what differs.",
            "Exit code: 0 all equal, 1 something differs, 2 it cannot be done."
        })
final class Replay implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int MISUSED = 2;
    private static final int BLOCK_LINES = 1_000;
    private static final long BLOCK_BYTES = 4 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--since", required = true, paramLabel = "TIME", description = "Records received then or later.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OffsetDateTime since;

    @Option(names = "--until", paramLabel = "TIME", description = "Records received then or earlier.")
    private @Nullable OffsetDateTime until;

    @Option(names = "--model", required = true, description = "The model whose records are sent.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String model;

    @Option(names = "--version", description = "The version to send them to (default: the one the server chooses).")
    private @Nullable String version;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many records (default: all).")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--tolerance", description = "How far numbers may be apart, relative (default: ${DEFAULT-VALUE}).")
    private double tolerance = 1e-6;

    @Option(names = "--url", description = "The server (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8000");

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Augur augur;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private long equal;
    private long different;
    private long skipped;

    @Override
    public Integer call() throws InterruptedException {
        try {
            return run(augur.configuration());
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
        } catch (IOException | IllegalArgumentException e) {
            err.println("cannot be done: " + e);
        }
        return MISUSED;
    }

    private int run(ServerConfig config) throws IOException, InterruptedException {
        var folder = config.predictionsDirectory();
        if (!Files.isDirectory(folder)) {
            err.println(folder + ": no such folder");
            return MISUSED;
        }
        var client = new ModelClient(url, model, Optional.ofNullable(version));
        var metadata = client.metadata();
        if (!metadata.ok()) {
            err.println(url + " does not serve it: " + said(metadata));
            return MISUSED;
        }
        var inputs = new RecordedInputs(metadata.body());
        for (var writer : ends(WriterFolder.in(folder)).entrySet()) {
            replay(writer, (record, request) -> compare(record, client.infer(request), config), inputs);
        }
        out.printf("%d equal, %d different, %d skipped of %d records%n", equal, different, skipped, seen());
        return different == 0 ? 0 : DIFFERENT;
    }

    /** The last line of each writer: what is sent now is recorded too, and must not be sent again. */
    private static Map<WriterFolder, Long> ends(List<WriterFolder> writers) throws IOException {
        var ends = new LinkedHashMap<WriterFolder, Long>();
        for (WriterFolder writer : writers) {
            try (var lines = NewestFirst.of(writer)) {
                var last = lines.next();
                ends.put(writer, last == null ? 0L : last.seq());
            }
        }
        return ends;
    }

    /** What to do with a record and the request made of it. */
    @FunctionalInterface
    private interface Step {
        void take(JsonNode record, JsonNode request) throws IOException, InterruptedException;
    }

    private void replay(Map.Entry<WriterFolder, Long> writer, Step step, RecordedInputs inputs)
            throws IOException, InterruptedException {
        var filter = filter();
        var start = Cursor.start(writer.getKey().id());
        var block = new ReadLimit(BLOCK_LINES, BLOCK_BYTES, writer.getValue());
        try (var reader = new LedgerReader(writer.getKey(), start)) {
            for (List<LedgerLine> lines = reader.poll(block); !lines.isEmpty(); lines = reader.poll(block)) {
                for (LedgerLine line : lines) {
                    if (seen() >= limit) {
                        return;
                    }
                    if (filter.matches(RecordHead.of(line.bytes()))) {
                        var record = JSON.readTree(line.bytes());
                        var request = inputs.request(record);
                        if (request.isPresent() && !record.path("outputs").isEmpty()) {
                            step.take(record, request.get());
                        } else {
                            skipped++;
                        }
                    }
                }
            }
        }
    }

    private void compare(JsonNode record, ModelClient.Answer answer, ServerConfig config) {
        var id = record.path("record_id").asText();
        if (!answer.ok()) {
            different++;
            out.println(id + ": refused: " + said(answer));
            return;
        }
        var endpoint = record.path("endpoint").asText();
        var differences =
                new Comparison(tolerance).differences(record, answer.body(), field -> output(config, endpoint, field));
        if (differences.isEmpty()) {
            skipped++;
        } else if (differences.get().isEmpty()) {
            equal++;
        } else {
            different++;
            differences.get().forEach(difference -> out.println(id + ": " + difference));
        }
    }

    /** The model's output behind a field of a record; a pipeline names them as its answer does, and adds the name of a class. */
    private static Optional<String> output(ServerConfig config, String endpoint, String field) {
        for (PipelineConfig pipeline : config.pipelines().pipelines()) {
            if (endpoint.equals("/predict/" + pipeline.name())) {
                boolean className = field.equals("label") && pipeline.label().isPresent();
                return Optional.ofNullable(pipeline.outputs().get(field))
                        .or(() -> className ? Optional.empty() : Optional.of(field));
            }
        }
        return Optional.of(field);
    }

    private RecordFilter filter() {
        return new RecordFilter(
                Optional.of(model),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(since.toInstant()),
                Optional.ofNullable(until).map(OffsetDateTime::toInstant));
    }

    private long seen() {
        return equal + different + skipped;
    }

    private static String said(ModelClient.Answer answer) {
        return answer.status() + " " + answer.body().path("error").asText();
    }
}
