package dev.augur.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.augur.error.ServingException;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.pipeline.Pipelines;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A document in OpenAPI 3.1 about the routes of a node, its models and its pipelines at a moment; equal to another one
 * that says the same. Immutable, thread-safe.
 *
 * @param version the server's
 * @param models that take requests, as many as are described one by one
 * @param newest those of them that answer requests which name no version
 */
public record ApiDocument(
        String version,
        List<ApiRoute> routes,
        List<ModelRunner> models,
        Set<ModelRunner> newest,
        List<ApiPipeline> pipelines) {
    /** Models, and pipelines, of which each has an operation of its own; there may be more. */
    private static final int MAX_DESCRIBED = 200;

    /** Models whose rows are examples of the operation that is the same for all. */
    private static final int MAX_EXAMPLES = 20;

    /** What there is now. */
    public static ApiDocument of(String version, List<ApiRoute> routes, ModelRegistry models, Pipelines pipelines) {
        var described = models.ready().stream().limit(MAX_DESCRIBED).toList();
        var newest = new HashSet<ModelRunner>();
        described.forEach(runner -> {
            try {
                newest.add(models.require(runner.metadata().name(), null));
            } catch (ServingException gone) {
                // between the two looks
            }
        });
        return new ApiDocument(
                version,
                routes,
                described,
                newest,
                pipelines.all().stream()
                        .limit(MAX_DESCRIBED)
                        .map(ApiPipeline::of)
                        .toList());
    }

    /** The document, made anew. Takes milliseconds, more with many models: called on a worker. */
    public ObjectNode json() {
        var template = Template.shipped();
        var document = template.frame();
        document.withObject("/info").put("version", version);
        var operations = new Operations(document);
        for (ApiRoute route : routes) {
            if (template.operation(route.key(), route.path()).isEmpty()) {
                operations.put(route.path(), route, route.described());
            }
        }
        for (String path : template.paths()) {
            routes.stream()
                    .filter(route -> route.path().replace(Template.VERSIONS, "").equals(path))
                    .forEach(route -> template.operation(route.key(), route.path())
                            .ifPresent(operation -> describe(operations, route, operation)));
        }
        operations.end();
        showNames(document.withObject("/components/parameters"));
        return document;
    }

    /** An operation that takes the name of a model or a pipeline comes behind those of each. */
    private void describe(Operations operations, ApiRoute route, ObjectNode operation) {
        if (route.path().equals(ModelOperations.GENERIC)) {
            for (ModelRunner runner : models) {
                var model = new ModelOperations(runner, newest.contains(runner));
                operations.put(model.path(), route, model.operation(operation.deepCopy()));
            }
        } else if (route.path().equals(PipelineOperations.GENERIC)) {
            for (ApiPipeline pipeline : pipelines) {
                var one = new PipelineOperations(pipeline);
                operations.put(one.path(), route, one.operation(operation.deepCopy()));
            }
        }
        if (operation.path("operationId").asText().startsWith("infer")) {
            showRows(operation.withObject("/requestBody/content/application~1json"));
        } else if (route.path().equals(PipelineOperations.GENERIC)) {
            shownPipelines().findFirst().flatMap(ApiPipeline::example).ifPresent(key -> operation
                    .withObject("/requestBody/content/application~1json")
                    .set("examples", PipelineOperations.examples(key)));
        }
        operations.put(route.path(), route, operation);
    }

    private void showRows(ObjectNode content) {
        shownModels().limit(MAX_EXAMPLES).forEach(runner -> content.withObject("/examples")
                .putObject(NameText.identifier(runner.metadata().name()) + "_"
                        + runner.metadata().version())
                .set("value", ModelOperations.request(runner.example().orElseThrow())));
    }

    /** Where a name is asked for, the one whose row is shown first. */
    private void showNames(ObjectNode parameters) {
        shownModels().findFirst().map(ModelRunner::metadata).ifPresent(model -> {
            parameters.withObject("/Model").put("example", model.name());
            parameters.withObject("/Version").put("example", model.version());
        });
        shownPipelines()
                .findFirst()
                .ifPresent(pipeline -> parameters.withObject("/Pipeline").put("example", pipeline.name()));
    }

    private Stream<ModelRunner> shownModels() {
        return models.stream()
                .filter(runner -> runner.example().isPresent()
                        && NameText.isPlain(runner.metadata().name()));
    }

    private Stream<ApiPipeline> shownPipelines() {
        return pipelines.stream()
                .filter(pipeline -> pipeline.example().isPresent() && NameText.isPlain(pipeline.name()));
    }
}
