package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.pipeline.Pipelines;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.ServedModel;
import dev.augur.statement.ServedPipeline;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Who has the model or the pipeline that a path names. Thread-safe. */
final class ServedHere {
    private static final int MOST_TOLD = 5;

    private ServedHere() {}

    private static String shown(List<String> all) {
        String some = String.join("; ", all.subList(0, Math.min(MOST_TOLD, all.size())));
        return all.size() > MOST_TOLD ? some + "; and " + (all.size() - MOST_TOLD) + " more" : some;
    }

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
                    .anyMatch(model -> !model.unloaded()
                            && model.name().equals(name)
                            && (version == null || version.equals(model.version())));
        }

        @Override
        public ServingException notReady(RoutingContext ctx, List<NodeStatement> knowing) {
            String name = ctx.pathParam("model");
            String version = ctx.pathParam("version");
            boolean failed = true;
            var why = new ArrayList<String>();
            for (NodeStatement node : knowing) {
                for (ServedModel model : node.models()) {
                    if (model.name().equals(name) && (version == null || version.equals(model.version()))) {
                        failed &= !model.ready() && !model.state().equals(ModelRegistry.State.LOADING.text());
                        why.add("version " + model.version() + " on " + node.node() + ": "
                                + (model.ready() ? "the node stops" : model.reason()));
                    }
                }
            }
            return new ServingException(
                    failed ? ErrorCode.UNAVAILABLE : ErrorCode.NOT_READY,
                    "no node takes requests for the model \"" + name + "\": " + shown(why));
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
        public ServingException notReady(RoutingContext ctx, List<NodeStatement> knowing) {
            return new ServingException(
                    ErrorCode.NOT_READY,
                    "the pipeline \"" + ctx.pathParam("pipeline") + "\" is ready on no node, not on "
                            + shown(knowing.stream().map(NodeStatement::node).toList()));
        }

        @Override
        public ServingException unknown(RoutingContext ctx) {
            return new ServingException(
                    ErrorCode.NOT_FOUND, "pipeline \"" + ctx.pathParam("pipeline") + "\" is not known on any node");
        }
    }
}
