package dev.augur.load;

import static dev.augur.load.Results.Candidate.AUGUR;
import static dev.augur.load.Results.Candidate.BARE;
import static dev.augur.load.Results.Candidate.RAW;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.load.Results.Candidate;
import dev.augur.load.Results.Series;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Lets the candidates take turns. All three run the whole time; who is not asked does nothing. Used on one thread. */
final class Contest {
    static final Duration START_LIMIT = Duration.ofMinutes(5); // it may build
    /** As nothing it is compared with keeps records; the property {@code bench.log} chooses otherwise. */
    private static final String LOG = System.getProperty("bench.log", "off");

    private static final Duration SLACK = Duration.ofSeconds(30);
    static final Pattern SERVES = Pattern.compile("ready .*?at (http://\\S+)");
    private static final Pattern RAN = Pattern.compile("(\\d+) runs in (\\d+) ns");
    private static final int WARM_UP_CONNECTIONS = 64;

    private final Plan plan;
    private final Path folder;
    private final List<String> flags;
    private final Results results = new Results();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * A contest that writes its files into that folder.
     *
     * @param flags of the server
     */
    Contest(Plan plan, Path folder, List<String> flags) {
        this.plan = plan;
        this.folder = folder;
        this.flags = flags;
    }

    /** The command that starts the server with these flags, on a free port. */
    static List<String> serve(Path folder, List<String> flags) {
        var serve = new ArrayList<>(List.of(
                "./run.sh",
                "--port",
                "0",
                "--set",
                "data.directory=" + folder.resolve("data"),
                "--set",
                "models.prediction-log=" + LOG));
        serve.addAll(flags);
        return serve;
    }

    /** Starts everybody, measures, and stops everybody. */
    Results run() throws IOException, InterruptedException {
        for (Target target : plan.targets()) {
            Files.write(bodies(target), target.bodies());
        }
        try (var augur = Program.start("augur", folder, serve(folder, flags))) {
            String augurUrl = augur.await(SERVES, START_LIMIT).group(1);
            try (var bare = Program.java(
                            BareServer.class, folder, routes(augurUrl).toString());
                    var raw = Program.java(RawRuntime.class, folder)) {
                String bareUrl = bare.await(SERVES, START_LIMIT).group(1);
                var servers = List.of(new Server(AUGUR, augur, augurUrl), new Server(BARE, bare, bareUrl));
                for (Target target : plan.targets()) { // all of them first: they share code that has to become warm
                    warmUp(target, servers, raw);
                }
                for (int round = 1; round <= plan.rounds(); round++) {
                    System.err.println("round " + round);
                    for (Target target : plan.targets()) {
                        measure(target, servers, raw);
                    }
                }
                complain(augur);
                complain(bare);
            }
        }
        return results;
    }

    private void warmUp(Target target, List<Server> servers, Program raw) throws IOException, InterruptedException {
        System.err.println(target.name());
        var warmUp = new Wrk.Load(WARM_UP_CONNECTIONS, plan.time().warmUp());
        for (Server server : servers) {
            answers(server.url(), target);
            wrk(server, target, warmUp);
        }
        alone(raw, target, callers(), plan.time().raw());
    }

    private void measure(Target target, List<Server> servers, Program raw) throws IOException, InterruptedException {
        for (int connections : plan.connections()) {
            var load = new Wrk.Load(connections, plan.time().run());
            for (Server server : servers) {
                record(target, server.candidate(), connections, wrk(server, target, load));
            }
        }
        for (int callers : List.of(1, callers())) {
            for (var sample : alone(raw, target, callers, plan.time().raw())) {
                record(target, RAW, callers, sample);
            }
        }
    }

    private void record(Target target, Candidate candidate, int parallel, Sample sample) {
        results.add(new Series(target.name(), candidate, parallel), sample);
        System.err.printf(
                "  %-5s %3d %,10.0f/s %7.1f us CPU%n", candidate, parallel, sample.perSecond(), sample.cpuMicros());
    }

    @CanIgnoreReturnValue // to warm up
    private Sample wrk(Server server, Target target, Wrk.Load load) throws IOException, InterruptedException {
        return Wrk.run(server.program(), server.url() + target.path(), bodies(target), load);
    }

    /** A run of ONNX Runtime on the target's model; nothing for a target that has none. */
    @CanIgnoreReturnValue // to warm up
    private List<Sample> alone(Program raw, Target target, int callers, int seconds)
            throws IOException, InterruptedException {
        if (target.model().isEmpty()) {
            return List.of();
        }
        var duration = Duration.ofSeconds(seconds);
        var file = Path.of("conf", "models", target.model().get(), "1", "model.onnx");
        var before = raw.cpu();
        raw.tell(file + " " + bodies(target) + " " + callers + " " + duration.toMillis());
        var ran = raw.await(RAN, duration.plus(SLACK));
        return List.of(new Sample(
                Long.parseLong(ran.group(1)),
                Duration.ofNanos(Long.parseLong(ran.group(2))),
                raw.cpu().minus(before),
                Sample.Latency.NONE));
    }

    /** What the bare server is to answer: what Augur answers to the first body of each target. */
    private Path routes(String augurUrl) throws IOException, InterruptedException {
        var lines = new ArrayList<String>();
        for (Target target : plan.targets()) {
            var answer = answers(augurUrl, target).get(0);
            lines.add(new JsonObject()
                    .put("path", target.path())
                    .put("answer", answer)
                    .encode());
        }
        return Files.write(folder.resolve("routes.jsonl"), lines);
    }

    /** Asks each body once; an answer that is not 200 ends the contest. */
    @CanIgnoreReturnValue // to check them
    private List<String> answers(String url, Target target) throws IOException, InterruptedException {
        var answers = new ArrayList<String>();
        for (String body : target.bodies()) {
            var request = HttpRequest.newBuilder(URI.create(url + target.path()))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new LoadException(
                        url + target.path() + " answers " + response.statusCode() + ": " + response.body());
            }
            answers.add(response.body());
        }
        return answers;
    }

    private static void complain(Program server) throws IOException {
        server.complaints().forEach(line -> System.out.println(server.name() + " said: " + line));
    }

    private Path bodies(Target target) {
        return folder.resolve(target.name().replace(' ', '-') + ".jsonl");
    }

    /** As many callers as cores. */
    static int callers() {
        return Runtime.getRuntime().availableProcessors();
    }

    private record Server(Candidate candidate, Program program, String url) {}
}
