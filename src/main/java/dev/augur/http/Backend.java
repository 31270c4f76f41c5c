package dev.augur.http;

import dev.augur.access.Doorkeeper;
import dev.augur.console.ConsoleVerticle;
import dev.augur.logview.LogSources;
import dev.augur.membership.Nodes;
import dev.augur.metrics.Meters;
import dev.augur.model.runtime.ModelControl;
import dev.augur.pipeline.PredictionService;
import dev.augur.request.BodyMemory;
import dev.augur.timeline.Timelines;
import java.util.List;
import java.util.Optional;

/**
 * What stands behind the routes of a node. Thread-safe.
 *
 * @param control loads and unloads models
 * @param log the prediction logs of all nodes
 */
public record Backend(
        PredictionService prediction,
        ModelControl control,
        LogSources log,
        NodeStatus status,
        Memory memory,
        Surface surface) {

    /**
     * What a node tells of itself.
     *
     * @param version the server's version
     * @param timelines those of its requests for predictions
     * @param nodes it, and the others of its cluster
     */
    public record NodeStatus(Readiness readiness, Meters meters, String version, Timelines timelines, Nodes nodes) {}

    /**
     * Memory for the bodies of requests, and for answers until they are read.
     *
     * @param blocks what large ones lie in
     */
    public record Memory(BodyMemory bodies, BodyMemory answers, BlockStock blocks) {
        private static final int KEPT = 4; // of what bodies may take, the part that is kept for the next ones

        /** So many bytes for the bodies of requests, and for answers. */
        public static Memory of(long requestBytes, long answerBytes) {
            return new Memory(
                    BodyMemory.ofRequests(requestBytes),
                    BodyMemory.ofAnswers(answerBytes),
                    new BlockStock(requestBytes / KEPT));
        }
    }

    /**
     * Which routes there are, and who may use them.
     *
     * @param own beside those of the server
     * @param face who is answered
     * @param files those of the pages
     * @param console absent where there is none
     * @param limits of single clients; absent where there are none
     */
    public record Surface(
            List<Route<?, ?>> own,
            Face face,
            BundledFiles files,
            Doorkeeper doorkeeper,
            Optional<ConsoleVerticle> console,
            RoutingConfig routing,
            Optional<ClientLimits> limits) {}

    /** The same for others. */
    public Backend facing(Face face) {
        var same = new Surface(
                surface.own(),
                face,
                surface.files(),
                surface.doorkeeper(),
                surface.console(),
                surface.routing(),
                surface.limits().filter(any -> face.limits()));
        return new Backend(prediction, control, log, status, memory, same);
    }
}
