package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.LedgerCheck;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.HttpLoad;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The data directory of a server process, and what must be true of the prediction log in it. Used by one thread. */
record LogFolder(Path data) {
    private static final List<String> MARKS = List.of("seq", "record_id", "client_request_id", "item_id", "endpoint");

    /** The variables of a server that writes there, without delays. */
    Map<String, String> variables() {
        return Map.of(
                "AUGUR_HTTP_PORT", "0",
                "AUGUR_DATA_DIRECTORY", data.toString(),
                "AUGUR_SHUTDOWN_PAUSE", "0",
                "AUGUR_DEMO_FETCH_DELAY", "0",
                "AUGUR_DEMO_PREDICTION_DELAY", "0",
                "AUGUR_DEMO_LOG_DELAY", "20ms");
    }

    WriterFolder writer() throws IOException {
        return WriterFolder.in(data.resolve("predictions")).get(0);
    }

    Path newestSegment() throws IOException {
        List<Path> segments = writer().segments();
        return segments.get(segments.size() - 1);
    }

    /**
     * Of every record what tells it from others, once it has been checked that the chain is whole, no seq is missing
     * and no id stands twice.
     */
    List<JsonObject> checkedRecords() throws IOException {
        var check = LedgerCheck.of(writer());
        assertThat(check.fault()).isNull();
        assertThat(check.tornBytes()).isZero();
        var records = new ArrayList<JsonObject>();
        for (Path segment : writer().segments()) {
            try (var lines = Files.lines(segment)) {
                lines.map(LogFolder::marks).forEach(records::add);
            }
        }
        assertThat(records.stream().map(record -> record.getLong("seq")).toList())
                .isEqualTo(LongStream.rangeClosed(1, records.size()).boxed().toList());
        assertThat(repeated(records.stream()
                        .map(record -> record.getString("record_id"))
                        .toList()))
                .isEmpty();
        return records;
    }

    /**
     * Which of the acknowledged are not in the ledger, once it has been checked that it has none of that route twice.
     */
    static Set<String> missing(HttpLoad.Route route, Collection<String> acknowledged, List<JsonObject> records) {
        var keys = route.keys(records);
        assertThat(repeated(keys)).isEmpty();
        var missing = new HashSet<>(acknowledged);
        missing.removeAll(new HashSet<>(keys));
        return missing;
    }

    private static JsonObject marks(String line) {
        var record = new JsonObject(line);
        var marks = new JsonObject();
        for (String field : MARKS) {
            marks.put(field, record.getValue(field));
        }
        return marks;
    }

    private static Set<String> repeated(List<String> ids) {
        var seen = new HashSet<String>();
        return ids.stream().filter(id -> !seen.add(id)).collect(Collectors.toSet());
    }

    /** Fails unless everything that the callers were told is there is there, once. */
    static void assertAllOnce(List<HttpLoad> loads, List<JsonObject> records) {
        for (HttpLoad load : loads) {
            assertThat(missing(load.route(), load.acknowledged(), records))
                    .as(load.route().name())
                    .isEmpty();
        }
    }

    /** Runs {@code verify-log}; answers what it said when it found no fault. */
    List<String> verify() throws Exception {
        try (var check = AugurProcess.launch(variables(), "verify-log")) {
            assertThat(check.exitCode()).as("%s", check.err()).isZero();
            return check.out();
        }
    }
}
