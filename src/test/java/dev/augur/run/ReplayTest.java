package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.BusCaller;
import dev.augur.testkit.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run.sh replay}, as an operator uses it: one run of it per question, and one server for all of them. */
class ReplayTest {
    private static final int ITEMS = 5;

    @TempDir
    Path data;

    @Test
    void sendsRecordedInputsToAVersionAndPrintsWhatDiffers() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            eventually(
                    () -> augur.post("/predict/wine", "{\"item_id\":43}").join().statusCode() == 200);
            predict(augur);
            int records = TestServer.records(data.resolve("predictions")).size();
            try (var same = replay(augur, "--model", "wine")) {
                assertThat(same.exitCode()).as(same.err().toString()).isZero();
                assertThat(same.out())
                        .last()
                        .isEqualTo((records - 1) + " equal, 0 different, 1 skipped of " + records + " records");
            }
            try (var strict = replay(augur, "--model", "wine", "--tolerance", "-1", "--limit", "2")) {
                assertThat(strict.exitCode()).isEqualTo(1);
                assertThat(strict.out()).hasSize(3);
                assertThat(strict.out().get(0))
                        .matches("[0-9a-f-]{36}: probabilities \\[0] was ([0-9.E-]+), is \\1, and .*");
                assertThat(strict.out().get(2)).isEqualTo("0 equal, 2 different, 0 skipped of 2 records");
            }
            infer(augur, 1);
            infer(augur, 1_000); // kept by its digest
            infer(augur, 3);
            try (var tensors = replay(augur, "--model", "iris", "--version", "1")) {
                assertThat(tensors.exitCode()).as(tensors.err().toString()).isZero();
                assertThat(tensors.out()).containsExactly("2 equal, 0 different, 1 skipped of 3 records");
            }
            try (var later = replay(augur, "--model", "wine", "--since", "2999-01-01T00:00:00Z")) {
                assertThat(later.exitCode()).isEqualTo(0);
                assertThat(later.out()).containsExactly("0 equal, 0 different, 0 skipped of 0 records");
            }
        }
    }

    @Test
    void whatItSendsIsMarkedAndNotSentAgain() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            infer(augur, 1);
            for (int i = 0; i < 3; i++) {
                double before = stored(augur);
                try (var replay = replay(augur, "--model", "iris", "--since", "2020-01-01T00:00")) {
                    assertThat(replay.exitCode()).as(replay.err().toString()).isZero();
                    assertThat(replay.out()).last().isEqualTo("1 equal, 0 different, 0 skipped of 1 records");
                    assertThat(replay.out().get(0))
                            .startsWith("2020-01-01T00:00 is taken as 2020-01-01T00:00")
                            .contains("this machine's zone");
                }
                eventually(() -> stored(augur) > before);
            }
            var records = TestServer.records(data.resolve("predictions"));
            var first = records.get(0).getString("record_id");
            assertThat(records)
                    .extracting(record -> record.getString("replay_of"))
                    .containsExactly(null, first, first, first);
            assertThat(augur.get("/predictions?model=iris").body()).doesNotContain("replay_of");
            assertThat(augur.get("/predictions?replays=true").body()).contains("replay_of");
        }
    }

    @Test
    void recordsOfMessagesAreComparedAsThoseOfRequests() throws Exception {
        try (var server = TestServer.start("data.directory=" + data)) {
            eventually(() -> server.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
            var bus = new BusCaller(server.vertx());
            bus.ask(Addresses.pipeline("wine"), "{\"item_id\":43}");
            bus.ask(Addresses.pipeline("wine"), "{\"items\":[{\"item_id\":43}]}");
            eventually(() -> TestServer.records(data.resolve("predictions")).size() >= 3);
            var replay = AugurProcess.launch(
                    variables(),
                    "replay",
                    "--url",
                    "http://127.0.0.1:" + server.port(),
                    "--since",
                    "2020-01-01T00:00:00Z",
                    "--model",
                    "wine");
            try (replay) {
                assertThat(replay.exitCode()).as(replay.out().toString()).isZero();
                assertThat(replay.out()).last().asString().contains(" equal, 0 different, ");
            }
        }
    }

    @Test
    void helpAsksForNothing() throws Exception {
        for (String command : List.of("replay", "verify-log")) {
            try (var help = AugurProcess.launch(variables(), command, "--help")) {
                assertThat(help.exitCode()).as(help.err().toString()).isZero();
                assertThat(String.join("\n", help.out())).contains("Usage:", command, "Exit code");
            }
        }
    }

    @Test
    void saysWhatItCannotDo() throws Exception {
        try (var augur = AugurProcess.start(variables());
                var unknown = replay(augur, "--model", "none");
                var nowhere = AugurProcess.launch(
                        variables(),
                        "replay",
                        "--since",
                        "2020-01-01T00:00:00Z",
                        "--model",
                        "wine",
                        "--url",
                        "http://127.0.0.1:1");
                var aimless = AugurProcess.launch(variables(), "replay", "--model", "wine")) {
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err()).singleElement().asString().contains(" does not serve it: 404 ");
            assertThat(nowhere.exitCode()).isEqualTo(2);
            assertThat(nowhere.err()).singleElement().asString().startsWith("cannot be done: ");
            assertThat(aimless.exitCode()).isEqualTo(2);
            assertThat(aimless.err().get(0)).contains("--since");
        }
    }

    private static void predict(AugurProcess augur) throws Exception {
        for (int i = 1; i <= ITEMS; i++) {
            assertThat(augur.post("/predict/wine", "{\"item_id\":" + 43 + ",\"features\":{\"hue\":" + i + "}}")
                            .join()
                            .statusCode())
                    .isEqualTo(200);
        }
        double before = stored(augur);
        assertThat(augur.post("/predict/wine", "{\"item_id\":77777}").join().statusCode())
                .isEqualTo(404);
        eventually(() -> stored(augur) > before);
    }

    private static void infer(AugurProcess augur, int rows) throws Exception {
        double before = stored(augur);
        var numbers = "[5.1,3.5,1.4,0.2" + ",1.5".repeat(4 * rows - 4) + "]";
        var input = "{\"name\":\"features\",\"shape\":[" + rows + ",4],\"datatype\":\"FP32\",\"data\":" + numbers + "}";
        assertThat(augur.post("/v2/models/iris/infer", "{\"inputs\":[" + input + "]}")
                        .join()
                        .statusCode())
                .isEqualTo(200);
        eventually(() -> stored(augur) > before);
    }

    private static double stored(AugurProcess augur) throws Exception {
        return augur.meter("augur_prediction_log_records_total{outcome=\"stored\"}");
    }

    private AugurProcess replay(AugurProcess augur, String... flags) throws Exception {
        var command = new ArrayList<>(List.of("replay", "--url", augur.url()));
        if (!List.of(flags).contains("--since")) {
            command.addAll(List.of("--since", "2020-01-01T00:00:00Z"));
        }
        command.addAll(List.of(flags));
        return AugurProcess.launch(variables(), command.toArray(String[]::new));
    }

    private Map<String, String> variables() {
        return Map.of(
                "AUGUR_HTTP_PORT", "0",
                "AUGUR_DATA_DIRECTORY", data.toString(),
                "AUGUR_SHUTDOWN_PAUSE", "0");
    }
}
