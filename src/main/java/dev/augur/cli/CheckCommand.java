package dev.augur.cli;

import dev.augur.Inspection;
import dev.augur.Inspection.Problem;
import dev.augur.NodeMemory;
import dev.augur.config.ConfigException;
import dev.augur.config.ServerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code check}: tells every problem of the configuration, the models and what they need, all at once, and serves
 * nothing. Exit codes: 0 none, 1 something of them is wrong, 2 the configuration is. One thread; blocks.
 */
@Command(
        name = CheckCommand.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Looks at the configuration, the models, pipelines, feature stores, certificates and keys, and names every problem.",
            "Serves nothing, writes nothing. Exit code: 0 no problem, 1 one that is not of the configuration, 2 one that is."
        })
final class CheckCommand implements Callable<Integer> {
    static final String NAME = "check";

    private static final String CONFIGURATION = "configuration";
    private static final int FAULTY = 1;
    private static final int MISCONFIGURED = 2;

    @Option(names = "--json", description = "One JSON object: ok, problems, warnings, models, pipelines.")
    private boolean json;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Configured program;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        var findings = new Inspection.Findings(List.of(), 0, 0);
        var config = configuration();
        boolean misconfigured = !problems.isEmpty();
        if (config.isPresent()) {
            findings = inspect(config.get());
            problems.addAll(findings.problems());
        }
        tell(findings);
        return misconfigured ? MISCONFIGURED : problems.isEmpty() ? 0 : FAULTY;
    }

    /** What can be read of it; where settings are wrong, their defaults stand in, so that models are looked at too. */
    private Optional<ServerConfig> configuration() {
        try {
            var reading = program.reading();
            warnings.addAll(reading.warnings());
            reading.problems().forEach(line -> problems.add(new Problem(CONFIGURATION, line)));
            NodeMemory.of(reading.config()).fault().ifPresent(warnings::add);
            boolean unknownModels = reading.problems().stream().anyMatch(line -> line.contains(" models.repository: "));
            return unknownModels ? Optional.empty() : Optional.of(reading.config());
        } catch (ConfigException e) {
            e.problems().forEach(line -> problems.add(new Problem(CONFIGURATION, line)));
            return Optional.empty();
        }
    }

    private static Inspection.Findings inspect(ServerConfig config) throws InterruptedException {
        var vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(Augur.NO_FILES));
        try {
            return Inspection.of(vertx, config)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the check itself failed", e.getCause());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void tell(Inspection.Findings findings) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            var told = new JsonArray();
            problems.forEach(
                    each -> told.add(new JsonObject().put("part", each.part()).put("problem", each.line())));
            out.println(new JsonObject()
                    .put("ok", problems.isEmpty())
                    .put("problems", told)
                    .put("warnings", new JsonArray(warnings))
                    .put("models", findings.models())
                    .put("pipelines", findings.pipelines())
                    .encodePrettily());
            return;
        }
        warnings.forEach(line -> err.println("warning: " + line));
        problems.forEach(problem -> err.println(problem.line()));
        out.println((problems.isEmpty() ? "OK" : "FAULTY: " + problems.size() + " problems") + ": "
                + findings.models() + " versions of models can be served, " + findings.pipelines()
                + " pipelines looked at; nothing was served");
    }
}
