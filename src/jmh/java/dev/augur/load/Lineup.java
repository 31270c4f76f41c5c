package dev.augur.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Starts the candidates, all with the same models: those shipped, and a picture. Used on one thread. */
final class Lineup {
    static final Duration START_LIMIT = Duration.ofMinutes(5); // it may build
    private static final Pattern SERVES = Pattern.compile("ready .*?at (http://\\S+)");
    private static final Path SHIPPED = Path.of("conf", "models");
    private static final Path SPRING = Path.of("target", "peers", "spring-boot", "spring-boot-peer.jar");

    private final Path folder;
    private final Path repository;
    private final List<String> models;

    private Lineup(Path folder, Path repository, List<String> models) {
        this.folder = folder;
        this.repository = repository;
        this.models = models;
    }

    /** A line-up whose models, logs and records are in that folder. */
    static Lineup in(Path folder, List<Target> targets) throws IOException {
        var repository = folder.resolve("models");
        delete(repository);
        for (Path file : files(SHIPPED)) {
            var copy = repository.resolve(SHIPPED.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        PictureModel.write(repository.resolve(Target.PICTURE).resolve("1").resolve("model.onnx"));
        for (Target target : targets) {
            Files.write(target.file(folder), target.bodies());
        }
        var models = files(repository).stream()
                .map(Path::toString)
                .filter(file -> file.endsWith(".onnx"))
                .toList();
        return new Lineup(folder, repository, models);
    }

    Path folder() {
        return folder;
    }

    /** The model's file. */
    Path file(String model) {
        return repository.resolve(model).resolve("1").resolve("model.onnx");
    }

    /**
     * Starts a candidate on a free port and waits until it serves.
     *
     * @param javaOptions further flags of its JVM
     */
    Server start(Candidate candidate, String javaOptions) throws IOException, InterruptedException {
        var program =
                switch (candidate) {
                    case OFF -> augur(candidate, javaOptions, logs("off"));
                    case LOOP -> augur(candidate, javaOptions, onEventLoops());
                    case AFTER -> augur(candidate, javaOptions, logs("after-answer"));
                    case BEFORE -> augur(candidate, javaOptions, logs("before-answer"));
                    case NAIVE -> java(NaiveServer.class, javaOptions, models);
                    case LIMIT -> java(LimitServer.class, javaOptions, models);
                    case BARE -> java(BareServer.class, javaOptions, List.of(routes().toString()));
                    case SPRING -> spring(javaOptions);
                    case RAW -> throw new IllegalArgumentException("no server");
                };
        return serving(candidate, program);
    }

    /** Starts Augur with these flags and waits until it serves. */
    Server start(Candidate candidate, List<String> flags) throws IOException, InterruptedException {
        return serving(candidate, augur(candidate, "", flags));
    }

    /** Starts ONNX Runtime in a loop. */
    Program raw() throws IOException {
        return java(RawRuntime.class, "", List.of());
    }

    /** Lets the bare server answer what that server answers to the first body of each target. */
    void copyAnswers(Server server, List<Target> targets) throws IOException, InterruptedException {
        var lines = new ArrayList<String>();
        for (Target target : targets) {
            lines.add(new JsonObject()
                    .put("path", target.path())
                    .put("answer", server.answer(target, target.bodies().get(0)))
                    .encode());
        }
        Files.write(routes(), lines);
    }

    private Path routes() {
        return folder.resolve("routes.jsonl");
    }

    private static List<String> logs(String mode) {
        return List.of(
                "--set",
                "models.prediction-log=" + mode,
                "--set",
                "pipelines.wine.prediction-log=" + mode,
                "--set",
                "prediction-log.retention-size=1GiB");
    }

    private static List<String> onEventLoops() {
        return Stream.concat(logs("off").stream(), Stream.of("--set", "models.execution=event-loop"))
                .toList();
    }

    private Program augur(Candidate candidate, String javaOptions, List<String> flags) throws IOException {
        var data = folder.resolve("data-" + candidate);
        delete(data);
        var command = new ArrayList<>(List.of("./run.sh", "--port", "0"));
        command.addAll(List.of("--set", "data.directory=" + data, "--set", "models.repository=" + repository));
        command.addAll(flags);
        return Program.start(candidate.name(), folder, javaOptions, command);
    }

    private Program java(Class<?> type, String javaOptions, List<String> arguments) throws IOException {
        var program = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), type.getName()));
        program.addAll(arguments);
        return Program.java(type.getSimpleName(), folder, javaOptions, program);
    }

    private Program spring(String javaOptions) throws IOException {
        if (!Files.exists(SPRING)) {
            throw new LoadException(SPRING + " is not there: ./run.sh bench --peers builds it");
        }
        var program = new ArrayList<>(List.of("-jar", SPRING.toString()));
        program.addAll(models);
        return Program.java("spring-boot", folder, javaOptions, program);
    }

    private static Server serving(Candidate candidate, Program program) throws IOException, InterruptedException {
        try {
            return new Server(
                    candidate, program, program.await(SERVES, START_LIMIT).group(1));
        } catch (LoadException e) {
            program.close();
            throw e;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
