package dev.augur.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.bus.Addresses;
import dev.augur.config.ConfigException;
import dev.augur.config.ServerConfig;
import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerReader;
import dev.augur.predictionlog.ledger.NewestFirst;
import dev.augur.predictionlog.ledger.ReadLimit;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import dev.augur.predictionlog.reading.RecordFilter;
import dev.augur.predictionlog.reading.RecordHead;
import dev.augur.replay.Comparison;
import dev.augur.replay.ModelClient;
import dev.augur.replay.RecordedInputs;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code replay}: sends recorded inputs to a model version of a running server and prints what differs from the
 * recorded outputs. Memory is one record and a block of the log. Exit codes: 0 when all that was compared is equal, 1
 * when something is not, 2 when it cannot be done. One thread; blocks.
 */
@Command(
        name = Replay.NAME,
        sortOptions = false,
        description = {
            "Sends the recorded inputs of a model to a version of it on a running server and prints what differs.",
            "What the server records of them has a replay_of, and is not sent again.",
            "A TIME is such as 2026-01-31T12:00:00Z; without a zone it is one of this machine's zone.",
            "Exit code: 0 all equal, 1 something differs, 2 it cannot be done."
        })
final class Replay implements Callable<Integer> {
    static final String NAME = "replay";

    private static final int DIFFERENT = 1;
    private static final int MISUSED = 2;
    private static final int BLOCK_LINES = 1_000;
    private static final long BLOCK_BYTES = 4 << 20;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.") // the standard ones have a --version, too
    @SuppressWarnings("UnusedVariable") // picocli asks its own parser
    private boolean help;

    @Option(
            names = "--since",
            required = true,
            paramLabel = "TIME",
            converter = GivenTime.Converter.class,
            description = "Records received then or later.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GivenTime since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = GivenTime.Converter.class,
            description = "Records received then or earlier.")
    private @Nullable GivenTime until;

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

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "A file that holds the key to show, where the server wants one.")
    private @Nullable Path keyFile;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Configured program;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private long equal;
    private long different;
    private long skipped;

    @Override
    public Integer call() throws InterruptedException {
        try {
            return run(program.configuration());
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
        var client = new ModelClient(
                url,
                model,
                version,
                keyFile == null ? null : Files.readString(keyFile).strip());
        var metadata = client.metadata();
        if (!metadata.ok()) {
            err.println(url + " does not serve it: " + said(metadata));
            return MISUSED;
        }
        var inputs = new RecordedInputs(metadata.body());
        Stream.of(since, until)
                .filter(Objects::nonNull)
                .flatMap(time -> time.note().stream())
                .forEach(out::println);
        for (var writer : ends(WriterFolder.in(folder)).entrySet()) {
            replay(
                    writer,
                    (record, request) -> compare(
                            record,
                            client.infer(
                                    request, record.path(RecordField.RECORD_ID).asText()),
                            config),
                    inputs);
        }
        out.printf(
                Locale.ROOT, "%d equal, %d different, %d skipped of %d records%n", equal, different, skipped, seen());
        return different == 0 ? 0 : DIFFERENT;
    }

    /** The last line of each writer: what comes in meanwhile is not waited for. */
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
                        var record = LineJson.tree(line.bytes());
                        var request = inputs.request(record);
                        if (request.isPresent()
                                && !record.path(RecordField.OUTPUTS).isEmpty()) {
                            step.take(record, request.get());
                        } else {
                            skipped++;
                        }
                    }
                }
            }
        }
    }

    private void compare(JsonNode record, ModelClient.Response answer, ServerConfig config) {
        var id = record.path(RecordField.RECORD_ID).asText();
        if (!answer.ok()) {
            different++;
            out.println(id + ": refused: " + said(answer));
            return;
        }
        var endpoint = record.path(RecordField.ENDPOINT).asText();
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

    /**
     * The model's output behind a field of a record; empty for one that is none of the model's, or of a pipeline nobody
     * knows any more.
     */
    private static Optional<String> output(ServerConfig config, String endpoint, String field) {
        for (String route : List.of("/predict/", Addresses.pipeline(""))) {
            if (endpoint.startsWith(route)) {
                String name = endpoint.substring(route.length());
                return config.pipelines().pipelines().stream()
                        .filter(pipeline -> pipeline.name().equals(name))
                        .findFirst()
                        .flatMap(pipeline -> pipeline.output(field));
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
                Optional.of(since.instant()),
                Optional.ofNullable(until).map(GivenTime::instant),
                /* replays= */ false);
    }

    private long seen() {
        return equal + different + skipped;
    }

    private static String said(ModelClient.Response answer) {
        return answer.status() + " " + answer.body().path("error").asText();
    }
}
