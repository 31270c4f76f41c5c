package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.Rows;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resident memory of a process that predicts ten thousand times and reloads a model five hundred times. */
class LeakTest {
    private static final int PREDICTIONS = 10_000;
    private static final int RELOADS = 500;
    private static final int AT_ONCE = 8;

    /** The heap is of one size and resident from the start, so that what grows is native memory. */
    private static final String JVM =
            "-Xms96m -Xmx96m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:MaxDirectMemorySize=64m -XX:TieredStopAtLevel=1";

    /**
     * What the process may grow by between the warm-up and the end. It grows by about 3 MiB; with one input tensor of
     * each prediction left open it grew by 44 MiB, with the session of each reload left open by 58 MiB.
     */
    private static final long TOLERANCE_KIB = 16 * 1024;

    @TempDir
    Path data;

    @Test
    void staysAsLargeAsItWas() throws Exception {
        var variables = Map.of(
                "AUGUR_HTTP_PORT",
                "0",
                "AUGUR_DATA_DIRECTORY",
                data.toString(),
                "AUGUR_MODELS_REPOSITORY",
                repository().toString(),
                "MALLOC_ARENA_MAX",
                "2", // one arena per thread would make the reloads' threads look like a leak
                "JAVA_OPTS",
                JVM);
        try (var augur = AugurProcess.start(variables)) {
            work(augur, PREDICTIONS / 4, RELOADS / 4);
            long before = residentKib(augur);
            work(augur, PREDICTIONS, RELOADS);
            long after = residentKib(augur);
            System.out.println("LeakTest: " + before + " KiB resident, then " + after + " KiB");
            assertThat(after - before).as("KiB more than %s", before).isLessThan(TOLERANCE_KIB);
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
    }

    private Path repository() throws Exception {
        var repository = data.resolve("models");
        for (Path model : List.of(
                Path.of("conf/models/iris"),
                Path.of("conf/models/breast_cancer"),
                Path.of("src/test/resources/repository/echo_string"))) {
            var folder = Files.createDirectories(
                    repository.resolve(model.getFileName()).resolve("1"));
            Files.copy(model.resolve("1/model.onnx"), folder.resolve("model.onnx"));
        }
        return repository;
    }

    private static void work(AugurProcess augur, int predictions, int reloads) throws Exception {
        String manyInputs = manyInputs();
        String longText = longText();
        var pending = new ArrayDeque<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < predictions; i++) {
            pending.add(
                    i % 2 == 0
                            ? augur.post("/v2/models/breast_cancer/infer", manyInputs)
                            : augur.post("/v2/models/echo_string/infer", longText));
            if (i % (predictions / reloads) == 0) {
                pending.add(augur.post("/v2/repository/models/iris/load", ""));
            }
            while (pending.size() > AT_ONCE) {
                finish(pending);
            }
        }
        while (!pending.isEmpty()) {
            finish(pending);
        }
    }

    private static void finish(ArrayDeque<CompletableFuture<HttpResponse<String>>> pending) throws Exception {
        assertThat(pending.remove().get().statusCode()).isEqualTo(200);
    }

    /** Thirty inputs, each a native tensor of its own. */
    private static String manyInputs() throws Exception {
        return Rows.inputs("breast_cancer").get(0).stream()
                .map(input -> "{\"name\":\"" + input.getKey() + "\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":"
                        + input.getValue() + "}")
                .collect(Collectors.joining(",", "{\"inputs\":[", "]}"));
    }

    /** A tensor of strings, whose bytes are copied into native memory, both ways. */
    private static String longText() {
        return IntStream.range(0, 8)
                .mapToObj(i -> "\"" + "text ".repeat(200) + "\"")
                .collect(Collectors.joining(
                        ",", "{\"inputs\":[{\"name\":\"x\",\"shape\":[8],\"datatype\":\"BYTES\",\"data\":[", "]}]}"));
    }

    private static long residentKib(AugurProcess augur) throws Exception {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(augur.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
