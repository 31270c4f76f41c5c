package dev.augur.load;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * ONNX Runtime in a loop, without a server: one session with one thread inside, called by one or several threads.
 * Inputs are made before the loop; each turn runs one row, reads every output and frees them. The program takes
 * commands from its standard input, {@code <model> <file of bodies> <callers> <milliseconds>}, and answers each with
 * {@code <runs> runs in <nanoseconds> ns}. Each caller's loop is confined to its thread.
 */
public final class RawRuntime {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OpenedModel model;
    private final List<OnnxTensor> rows = new ArrayList<>();

    private RawRuntime(Path file, Path bodies) throws OrtException, IOException {
        model = OpenedModel.open(List.of(file)).values().iterator().next();
        for (String body : Files.readAllLines(bodies)) {
            var numbers = FloatBuffer.wrap(RowReader.read(body.getBytes(StandardCharsets.UTF_8)));
            rows.add(OnnxTensor.createTensor(environment, numbers, model.inputShape(1)));
        }
    }

    /** Runs what it is told until its standard input ends. */
    public static void main(String[] arguments) throws Exception {
        var loaded = new HashMap<String, RawRuntime>();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 4);
                if (!loaded.containsKey(words[0])) {
                    loaded.put(words[0], new RawRuntime(Path.of(words[0]), Path.of(words[1])));
                }
                var duration = Duration.ofMillis(Long.parseLong(words[3]));
                System.out.println(requireNonNull(loaded.get(words[0])).run(Integer.parseInt(words[2]), duration));
            }
        }
    }

    private String run(int callers, Duration duration) throws Exception {
        var runs = new LongAdder();
        var threads = Executors.newFixedThreadPool(callers);
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        List<Callable<Boolean>> loops = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            loops.add(() -> loop(end, runs));
        }
        for (var loop : threads.invokeAll(loops)) {
            if (!loop.get()) {
                throw new IllegalStateException("a row yielded nothing");
            }
        }
        long nanos = System.nanoTime() - began;
        threads.shutdown();
        return runs.sum() + " runs in " + nanos + " ns";
    }

    /** Whether every run yielded something. */
    private boolean loop(long end, LongAdder runs) throws OrtException {
        long bytes = Long.MAX_VALUE;
        int done = 0;
        for (; System.nanoTime() < end; done++) {
            try (var outputs = model.session().run(Map.of(model.input(), rows.get(done % rows.size())))) {
                long read = 0;
                for (var output : outputs) {
                    read += ((OnnxTensor) output.getValue()).getByteBuffer().remaining();
                }
                bytes = Math.min(bytes, read);
            }
        }
        runs.add(done);
        return bytes > 0;
    }
}
