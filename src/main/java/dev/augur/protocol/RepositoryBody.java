package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;
import static dev.augur.protocol.ProtocolJson.malformed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;

/** The bodies of the extension model repository: a JSON object, or nothing. Thread-safe. */
public final class RepositoryBody {
    /** A parameter of load and unload. */
    public static final String NODES = "nodes";

    private RepositoryBody() {}

    /**
     * Reads {@code {"ready": bool}}; an empty body asks for everything.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when the body is something else
     */
    public static boolean wantsReady(byte[] body) {
        var ready = object(body).path("ready");
        if (!ready.isMissingNode() && !ready.isNull() && !ready.isBoolean()) {
            throw invalid("the body must be a JSON object; \"ready\" in it must be true or false");
        }
        return ready.asBoolean();
    }

    /**
     * Refuses a body of load or unload that asks for what is not served, such as a configuration or a model's file.
     *
     * @param known parameters that may be there
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when the body is something else or has other
     *     parameters
     */
    public static void refuseParameters(byte[] body, Set<String> known) {
        var parameters = object(body).path("parameters");
        if (!parameters.isMissingNode() && !parameters.isNull() && !parameters.isObject()) {
            throw invalid("the body must be a JSON object; \"parameters\" in it must be one, too");
        }
        parameters.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw invalid("parameter \"" + name + "\" is not served: models come from the repository alone");
            }
        });
    }

    /**
     * Whether load or unload is to be done on all nodes: {@code {"parameters": {"nodes": "all"}}}.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when the parameter is something else
     */
    public static boolean wantsAllNodes(byte[] body) {
        var nodes = object(body).path("parameters").path(NODES);
        if (!nodes.isMissingNode() && !nodes.isNull() && !"all".equals(nodes.textValue())) {
            throw invalid("parameter \"nodes\" must be \"all\", or not be given: then this node does it alone");
        }
        return nodes.isTextual();
    }

    private static JsonNode object(byte[] body) {
        try {
            var root = RequestJson.tree(body);
            if (!root.isMissingNode() && !root.isObject()) {
                throw invalid("the body must be a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw invalid("the body is not valid UTF-8");
        }
    }
}
