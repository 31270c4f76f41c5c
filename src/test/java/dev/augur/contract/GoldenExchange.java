package dev.augur.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * One request and the answer it must get.
 *
 * <p>A {@code request} has a {@code path}, a {@code method} (GET if none), {@code headers}, and a body of up to three
 * parts, one behind the other: {@code json}, or {@code text} as it stands; {@code tensors} in Base64; {@code spaces},
 * so many of them. With {@code tensors} and {@code json} the header with the length of the JSON is added unless the
 * file has it. {@code coding} compresses the whole: gzip or deflate.
 *
 * <p>An {@code answer} has a {@code status}, {@code headers} (an empty text: must not be there), a body {@code json} as
 * in {@link JsonPattern}, and {@code tensors} behind it in Base64; without {@code json} it must be empty. A
 * {@code tolerance} holds for its numbers.
 */
record GoldenExchange(JsonNode request, JsonNode answer) {
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    static GoldenExchange of(JsonNode exchange) {
        return new GoldenExchange(exchange.get("request"), exchange.get("answer"));
    }

    String method() {
        return request.path("method").asText("GET");
    }

    String path() {
        return request.get("path").asText();
    }

    Map<String, String> headers() throws IOException {
        var headers = texts(request.path("headers"));
        if (request.has("tensors") && request.has("json")) {
            headers.putIfAbsent(JSON_LENGTH, String.valueOf(head().length));
        }
        if (request.has("coding")) {
            headers.put("Content-Encoding", request.get("coding").asText());
        }
        return headers;
    }

    byte[] body() throws IOException {
        var body = new ByteArrayOutputStream();
        body.write(head());
        body.write(Base64.getDecoder().decode(request.path("tensors").asText()));
        body.write(" ".repeat(request.path("spaces").asInt()).getBytes(StandardCharsets.US_ASCII));
        return coded(body.toByteArray(), request.path("coding").asText());
    }

    int status() {
        return answer.get("status").asInt();
    }

    Map<String, String> answerHeaders() {
        return texts(answer.path("headers"));
    }

    Optional<JsonNode> json() {
        return Optional.ofNullable(answer.get("json"));
    }

    /** In Base64; empty for none. */
    String tensors() {
        return answer.path("tensors").asText();
    }

    double tolerance() {
        return answer.path("tolerance").asDouble();
    }

    /** A body without its coding. */
    static byte[] plain(byte[] body, Optional<String> coding) throws IOException {
        if (coding.isEmpty()) {
            return body;
        }
        if (!coding.get().equals("gzip")) {
            throw new AssertionError("the answer is coded as " + coding.get());
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    private byte[] head() throws IOException {
        return request.has("json")
                ? JsonPattern.MAPPER.writeValueAsBytes(request.get("json"))
                : request.path("text").asText().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] coded(byte[] plain, String coding) throws IOException {
        if (coding.isEmpty()) {
            return plain;
        }
        var coded = new ByteArrayOutputStream();
        try (var out = coding.equals("gzip") ? new GZIPOutputStream(coded) : new DeflaterOutputStream(coded)) {
            out.write(plain);
        }
        return coded.toByteArray();
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new LinkedHashMap<String, String>();
        object.fields()
                .forEachRemaining(
                        field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
