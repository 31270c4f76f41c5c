package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A request for the model iris with very many rows of sixteen bytes, whose answer is bytes, too. */
final class LargeRequest {
    private static final int ROW_BYTES = 4 * Float.BYTES;

    private LargeRequest() {}

    static CompletableFuture<HttpResponse<byte[]>> send(AugurProcess node, int rows) {
        int bytes = rows * ROW_BYTES;
        String json = "{\"inputs\":[{\"name\":\"features\",\"shape\":[" + rows
                + ",4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":" + bytes + "}}],"
                + "\"parameters\":{\"binary_data_output\":true}}";
        byte[] body = Arrays.copyOf(json.getBytes(StandardCharsets.US_ASCII), json.length() + bytes);
        var request = HttpRequest.newBuilder(URI.create(node.url() + "/v2/models/iris/infer"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", String.valueOf(json.length()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    static void isAnswered(HttpResponse<byte[]> answer, int rows) {
        String start = new String(answer.body(), 0, Math.min(400, answer.body().length), StandardCharsets.ISO_8859_1);
        assertThat(answer.statusCode()).as(start).isEqualTo(200);
        assertThat(start).contains("\"shape\":[" + rows);
    }
}
