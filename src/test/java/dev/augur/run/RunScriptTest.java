package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program from outside: how it starts, serves, stops, and what is left when it is killed. */
class RunScriptTest {
    @TempDir
    Path data;

    @Test
    void saysWhatItServes() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            assertThat(augur.out())
                    .anyMatch(
                            line -> line.matches("Augur .*, node-.*: ready in \\d+\\.\\d s at http://127.0.0.1:\\d+"));
            eventually(() -> augur.out().stream().anyMatch(line -> line.startsWith("  keeps ")));
            int cores = Runtime.getRuntime().availableProcessors();
            String numbers =
                    cores + " workers, 1 threads per run, queue 1000, largest batch 32, batching: rows are independent";
            assertThat(augur.out())
                    .contains(
                            "  keeps   records of any age, 10240 MiB of each writer (the oldest files go first, once every sink has them)",
                            "  roles   [http, predict, log]",
                            "  route   POST /predict/{pipeline}",
                            "  route   POST /v2/models/{model}/infer",
                            "  model   iris version 1: " + numbers,
                            "  model   diabetes version 1: " + numbers,
                            "  model   digits version 1: " + numbers);
            augur.signal("INT");
            assertThat(augur.exitCode()).isZero();
            assertThat(augur.err()).isEmpty();
        }
    }

    /** A stall of the whole machine makes the checker speak too, so it has to do so in three runs out of three. */
    @Test
    void neverHoldsAnEventLoop() throws Exception {
        var variables = variables();
        var held = new ArrayList<String>();
        for (int run = 0; run < 3; run++) {
            try (var augur = AugurProcess.start(variables)) {
                for (int round = 0; round < 10; round++) {
                    mixedRound(augur);
                }
                held.addAll(augur.heldLoops());
                if (augur.heldLoops().isEmpty()) {
                    return;
                }
            }
        }
        assertThat(held).isEmpty();
    }

    private static void mixedRound(AugurProcess augur) throws Exception {
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 10; i++) {
            answers.add(augur.post("/predict/wine", "{\"item_id\":43}"));
            answers.add(augur.post("/predict/wine", "{\"item_id\":" + "[".repeat(900_000)));
            answers.add(augur.post("/v2/models/digits/infer", digits(500)));
        }
        for (var answer : answers) {
            assertThat(answer.get().statusCode()).isIn(200, 400);
        }
    }

    private static String digits(int rows) {
        var pixels = "0.5,".repeat(rows * 64);
        return "{\"inputs\":[{\"name\":\"image\",\"shape\":[" + rows + ",1,8,8],\"datatype\":\"FP32\",\"data\":["
                + pixels.substring(0, pixels.length() - 1) + "]}]}";
    }

    @Test
    void namesEveryProblemOfItsConfiguration() throws Exception {
        var file = Files.writeString(data.resolve("bad.yaml"), "http: {port: 70000, hots: x}\nwrokers: 1\n");
        try (var augur = AugurProcess.launch(Map.of("AUGUR_CONFIG", file.toString()), "--set", "models.workers=none")) {
            assertThat(augur.exitCode()).isEqualTo(2);
            assertThat(augur.out()).isEmpty();
            assertThat(augur.err())
                    .containsExactly(
                            file + ": http.port: 70000 is not allowed, expected an integer from 0 to 65535",
                            "command line: models.workers: \"none\" is not allowed, expected an integer from 0 to 1024",
                            file + ": http.hots: unknown setting",
                            file + ": wrokers: unknown setting");
        }
    }

    @Test
    void refusesFlagsItDoesNotKnow() throws Exception {
        try (var augur = AugurProcess.launch(Map.of(), "--prot", "1")) {
            assertThat(augur.exitCode()).isEqualTo(2);
            assertThat(augur.err().get(0)).contains("--prot");
        }
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var variables = variables();
            variables.put("AUGUR_HTTP_PORT", String.valueOf(taken.getLocalPort()));
            try (var augur = AugurProcess.launch(variables)) {
                assertThat(augur.exitCode()).isEqualTo(1);
                assertThat(augur.err())
                        .singleElement()
                        .asString()
                        .startsWith("cannot start: port " + taken.getLocalPort() + " on 127.0.0.1 cannot be bound: ");
            }
        }
    }

    private Map<String, String> variables() {
        return new HashMap<>(Map.of("AUGUR_HTTP_PORT", "0", "AUGUR_DATA_DIRECTORY", data.toString()));
    }
}
