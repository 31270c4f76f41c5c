package dev.augur.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.protocol.RequestJson;
import dev.augur.request.InvalidJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the console asks to have run: {@code {"run", "path", "requests", "bodies"}}. Immutable, thread-safe.
 *
 * @param run what the ids of the requests begin with
 * @param path a route for predictions
 * @param requests how many are sent at once
 * @param bodies what they send, in turn
 */
record RunRequest(String run, String path, int requests, List<Buffer> bodies) {
    /** The largest body. */
    static final int MAX_BODY_BYTES = 64 << 10;

    private static final Pattern RUN = Pattern.compile("console-[A-Za-z0-9]{1,32}");
    private static final Pattern PATH = Pattern.compile("/predict[/_][^?#\\s]+|/v2/models/[^?#\\s]+/infer");

    /**
     * Reads one body.
     *
     * @param most requests that one run may have
     * @throws ServingException {@code INVALID_ARGUMENT}
     */
    static RunRequest read(byte[] body, int most) {
        try {
            var root = RequestJson.exactTree(body);
            return new RunRequest(
                    text(root, "run", RUN, "console- and up to 32 letters and digits"),
                    text(
                            root,
                            "path",
                            PATH,
                            "the path of a pipeline, of a model's infer or of a route of the tutorial"),
                    requests(root.path("requests"), most),
                    bodies(root.path("bodies")));
        } catch (JsonProcessingException e) {
            throw InvalidJson.of(e);
        } catch (IOException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }

    /** The same where all routes are below a path. */
    RunRequest below(String basePath) {
        return new RunRequest(run, basePath + path, requests, bodies);
    }

    private static String text(JsonNode root, String field, Pattern form, String expected) {
        var value = root.path(field);
        if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
            throw invalid(field, "Input should be " + expected);
        }
        return value.textValue();
    }

    private static int requests(JsonNode value, int most) {
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > most) {
            throw invalid("requests", "Input should be an integer from 1 to " + most + " (console.run-requests)");
        }
        return value.intValue();
    }

    private static List<Buffer> bodies(JsonNode values) throws IOException {
        var bodies = new ArrayList<Buffer>();
        for (JsonNode value : values) {
            if (!value.isObject()) {
                throw invalid("bodies", "Input should be a list of objects");
            }
            bodies.add(Buffer.buffer(RequestJson.bytes(value)));
        }
        if (!values.isArray() || bodies.isEmpty()) {
            throw invalid("bodies", "Input should be a list with at least one object");
        }
        return bodies;
    }

    private static ServingException invalid(String field, String message) {
        return ServingException.invalidFields(List.of(new FieldError("run", List.of("body", field), message, null)));
    }
}
