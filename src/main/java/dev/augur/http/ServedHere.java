package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.pipeline.Pipelines;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.ServedPipeline;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Predicate;

/** Who has the model or the pipeline that a path names. Thread-safe. */
final class ServedHere {
    private ServedHere() {}

    /** By the name and the version of a model in the path. */
    record OfModel(ModelRegistry models) implements Forwarding.Served {
        @Override
        public boolean here(RoutingContext ctx) {
            String version = ctx.pathParam("version");
            for (var entry : models.entries(ctx.pathParam("model"))) {
                if (entry.ready() && (version == null || version.equals(entry.version()))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Predicate<NodeStatement> there(RoutingContext ctx) {
            String name = ctx.pathParam("model");
            String version = ctx.pathParam("version");
            return node -> node.models().stream()
                    .anyMatch(model -> model.ready()
                            && model.name().equals(name)
                            && (version == null || version.equals(model.version())));
        }

        @Override
        public Predicate<NodeStatement> named(RoutingContext ctx) {
            String name = ctx.pathParam("model");
            String version = ctx.pathParam("version");
            return node -> node.models().stream()
                    .anyMatch(
                            model -> model.name().equals(name) && (version == null || version.equals(model.version())));
        }

        @Override
        public ServingException unknown(RoutingContext ctx) {
            String version = ctx.pathParam("version");
            return new ServingException(
                    ErrorCode.NOT_FOUND,
                    "Request for unknown model: '" + ctx.pathParam("model") + "'"
                            + (version == null ? "" : " version " + version) + " is not found on any node");
        }
    }

    /** By the name of a pipeline in the path. */
    record OfPipeline(Pipelines pipelines) implements Forwarding.Served {
        @Override
        public boolean here(RoutingContext ctx) {
            return pipelines
                    .find(ctx.pathParam("pipeline"))
                    .map(pipeline -> pipeline.notReady().isEmpty())
                    .orElse(false);
        }

        @Override
        public Predicate<NodeStatement> there(RoutingContext ctx) {
            var wanted = ctx.pathParam("pipeline");
            return node -> node.pipelines().stream()
                    .filter(ServedPipeline::ready)
                    .anyMatch(pipeline -> pipeline.name().equals(wanted));
        }

        @Override
        public Predicate<NodeStatement> named(RoutingContext ctx) {
            var wanted = ctx.pathParam("pipeline");
            return node -> node.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.name().equals(wanted));
        }

        @Override
        public ServingException unknown(RoutingContext ctx) {
            return new ServingException(
                    ErrorCode.NOT_FOUND, "pipeline \"" + ctx.pathParam("pipeline") + "\" is not known on any node");
        }
    }
}
