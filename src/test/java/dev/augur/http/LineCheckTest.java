package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code GET /predictions/{record_id}?verify=true}: the hash of one line. */
class LineCheckTest {
    private static final int RECORDS = 6;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        for (int i = 0; i < RECORDS; i++) {
            server.post("/predict/wine", "{\"item_id\":43}");
        }
        eventually(() -> server.records().size() == RECORDS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyLineThatIsAsItWasWrittenIsVerified() throws Exception {
        for (int line = 0; line < 2; line++) {
            assertThat(verified(line)).isTrue();
        }
    }

    @Test
    void oneByteIsNoticedInItsLineAndInTheNext() throws Exception {
        alter("\"seq\":4,", "\"http_status\":200", "\"http_status\":204");
        assertThat(verified(2)).isTrue();
        assertThat(verified(3)).isFalse();
        assertThat(verified(4)).isFalse();
        assertThat(verified(5)).isTrue();
    }

    @Test
    void refusesWhatIsNeitherTrueNorFalse() throws Exception {
        String record = "/predictions/" + server.records().get(0).getString("record_id");
        assertThat(server.get(record + "?verify=yes").statusCode()).isEqualTo(400);
        assertThat(server.get(record + "?verify=true&verify=true").statusCode()).isEqualTo(400);
        assertThat(server.get(record + "?check=true").statusCode()).isEqualTo(400);
        assertThat(server.get(record + "?verify=false").body()).contains("\"outcomes\":[]");
        assertThat(server.get("/predictions/none?verify=true").statusCode()).isEqualTo(404);
    }

    private static boolean verified(int line) throws Exception {
        String id = server.records().get(line).getString("record_id");
        var answer = server.get("/predictions/" + id + "?verify=true");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getBoolean("verified");
    }

    private static void alter(String ofLine, String before, String after) throws Exception {
        try (Stream<Path> files = Files.walk(server.dataDirectory())) {
            var segment = files.filter(file -> file.toString().endsWith(".ndjson"))
                    .findFirst()
                    .orElseThrow();
            String text = Files.readString(segment);
            int at = text.indexOf(before, text.indexOf(ofLine));
            try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
                file.seek(at);
                file.write(after.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
