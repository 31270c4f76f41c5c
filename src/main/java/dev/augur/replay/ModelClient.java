package dev.augur.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One version of one model on a running server, asked over the Open Inference Protocol. One thread; blocks. */
public final class ModelClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final String path;
    private final @Nullable String key;

    /**
     * A client.
     *
     * @param version {@code null} for the server's choice
     * @param key the key or token to show; {@code null} where none is needed
     */
    public ModelClient(URI server, String model, @Nullable String version, @Nullable String key) {
        this.key = key;
        this.path = server.toString().replaceAll("/+$", "") + "/v2/models/" + encoded(model)
                + (version == null ? "" : "/versions/" + encoded(version));
    }

    /** What the server answered. */
    public record Response(int status, JsonNode body) {
        /** Whether it answered with what was asked for. */
        public boolean ok() {
            return status == 200;
        }
    }

    /** The model's metadata. */
    public Response metadata() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(path)));
    }

    /**
     * The answer to an inference request.
     *
     * @param replayOf the record whose inputs it has; the server marks its own record of the request by that
     */
    public Response infer(JsonNode request, String replayOf) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(path + "/infer"))
                .header("Content-Type", "application/json")
                .header("X-Replay-Of", replayOf)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request))));
    }

    private Response send(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        var response = client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Response(response.statusCode(), JSON.readTree(response.body()));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
