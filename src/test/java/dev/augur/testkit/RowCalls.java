package dev.augur.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Priority;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.protocol.InferenceCall;
import dev.augur.protocol.InferenceRequestReader;
import dev.augur.protocol.InferenceResponseWriter;
import dev.augur.protocol.RequestBody;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;

/** Requests that hold rows of {@link Rows}, in JSON and in binary, and the check of their answers. */
public final class RowCalls {
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private RowCalls() {}

    /** The {@code outputs} of one request with these rows, all of it in JSON. */
    public static JsonArray infer(TestServer server, String name, List<JsonObject> rows) throws Exception {
        var answer =
                server.post(path(name), request(rows, metadata(server, name)).encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getJsonArray("outputs");
    }

    /** The same with every tensor behind the JSON, and the answer's tensors put back into JSON. */
    public static JsonArray inferInBinary(TestServer server, String name, List<JsonObject> rows) throws Exception {
        byte[] json = request(rows, metadata(server, name)).toBuffer().getBytes();
        var call = InferenceRequestReader.read(new RequestBody(json, json.length, memory -> {}), name, null)
                .request();
        var inputs = new JsonArray();
        var tensors = Buffer.buffer();
        for (Tensor input : call.inputs()) {
            inputs.add(tensor(input));
            tensors.appendBytes(bytes(input));
        }
        var head = new JsonObject()
                .put("inputs", inputs)
                .put("parameters", new JsonObject().put("binary_data_output", true))
                .toBuffer();
        return inJson(server.postBytes(
                path(name),
                head.copy().appendBuffer(tensors).getBytes(),
                Map.of("Content-Type", "application/octet-stream", JSON_LENGTH, String.valueOf(head.length()))));
    }

    /** A request with these rows in JSON. */
    public static JsonObject request(List<JsonObject> rows, ModelMetadata model) {
        var inputs = new JsonArray();
        for (TensorMetadata input : model.inputs()) {
            var shape = new JsonArray().add(rows.size());
            for (int i = 1; i < input.shape().rank(); i++) {
                shape.add(input.shape().dimension(i));
            }
            var data = rows.stream().map(row -> row.getValue(input.name())).toList();
            inputs.add(new JsonObject()
                    .put("name", input.name())
                    .put("shape", shape)
                    .put("datatype", input.datatype().name())
                    .put("data", new JsonArray(data)));
        }
        return new JsonObject().put("inputs", inputs);
    }

    /** Holds outputs against the rows they must be. */
    public static void check(JsonArray outputs, List<JsonObject> expected) {
        assertThat(outputs.stream().map(output -> ((JsonObject) output).getString("name")))
                .containsExactlyInAnyOrderElementsOf(expected.get(0).fieldNames());
        for (Object each : outputs) {
            var output = (JsonObject) each;
            var wanted = expected.stream()
                    .flatMap(row -> Rows.flat(row.getValue(output.getString("name"))).stream())
                    .toList();
            var actual = Rows.flat(output.getJsonArray("data"));
            assertThat(actual).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                if (wanted.get(i) instanceof Double number) {
                    assertThat((Double) actual.get(i))
                            .as(output.getString("name"))
                            .isCloseTo(number, tolerance(output, number));
                } else {
                    assertThat(actual.get(i)).as(output.getString("name")).isEqualTo(wanted.get(i));
                }
            }
        }
    }

    /** The tolerances of the models' cards: labels are equal, sums of trees are relative, the rest absolute. */
    private static Offset<Double> tolerance(JsonObject output, double wanted) {
        return switch (output.getString("name")) {
            case "label", "species_id" -> Offset.offset(0.0);
            case "progression", "prediction" -> Offset.offset(1e-5 * Math.abs(wanted));
            case "logits" -> Offset.offset(1e-4);
            default -> Offset.offset(1e-5);
        };
    }

    private static JsonArray inJson(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        int position = Integer.parseInt(answer.headers().firstValue(JSON_LENGTH).orElseThrow());
        var body = Buffer.buffer(answer.body());
        var tensors = new ArrayList<Tensor>();
        for (Object each : new JsonObject(body.slice(0, position)).getJsonArray("outputs")) {
            var output = (JsonObject) each;
            int size = output.getJsonObject("parameters").getInteger("binary_data_size");
            long[] shape = output.getJsonArray("shape").stream()
                    .mapToLong(d -> ((Number) d).longValue())
                    .toArray();
            tensors.add(new Tensor(
                    output.getString("name"),
                    DataType.valueOf(output.getString("datatype")),
                    Shape.of(shape),
                    ByteBuffer.wrap(body.getBytes(position, position + size))));
            position += size;
        }
        assertThat(position).isEqualTo(body.length());
        return inJson(tensors);
    }

    private static JsonArray inJson(List<Tensor> tensors) {
        var call = new InferenceCall(
                new InferenceRequest(null, "m", null, List.of(), List.of(), null, Priority.DEFAULT),
                Map.of(),
                false,
                Map.of());
        var answer = InferenceResponseWriter.write(new InferenceResponse(null, "m", "1", null, tensors, null), call);
        return new JsonObject(Buffer.buffer(answer.toByteArray())).getJsonArray("outputs");
    }

    private static JsonObject tensor(Tensor input) {
        var shape = new JsonArray();
        Arrays.stream(input.shape().toArray()).forEach(shape::add);
        return new JsonObject()
                .put("name", input.name())
                .put("datatype", input.datatype().name())
                .put("shape", shape)
                .put(
                        "parameters",
                        new JsonObject().put("binary_data_size", input.data().limit()));
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[tensor.data().limit()];
        tensor.elements().get(bytes);
        return bytes;
    }

    private static String path(String model) {
        return "/v2/models/" + model + "/infer";
    }

    private static ModelMetadata metadata(TestServer server, String model) {
        return server.server().models().require(model, null).metadata();
    }
}
