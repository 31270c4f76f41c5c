package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A document of a server, and whether an answer is what it says. A field that it does not name is a fault, unless it
 * says that there may be others.
 */
final class ApiContract {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private final JsonNode document;

    private ApiContract(JsonNode document) {
        this.document = document;
    }

    static ApiContract of(String json) throws IOException {
        return new ApiContract(JSON.readTree(json));
    }

    /** One operation of it. */
    record Operation(String method, String path, JsonNode told) {
        String name() {
            return method.toUpperCase(Locale.ROOT) + " " + path;
        }

        /** Whether it is that of one model or pipeline, and so none of the table of routes. */
        boolean isOfOne() {
            return told.has("x-augur-model") || told.has("x-augur-pipeline");
        }

        /** What it shows to send; missing if nothing. */
        JsonNode example() {
            var content = told.path("requestBody").path("content").path("application/json");
            var several = content.path("examples").elements();
            return several.hasNext() ? several.next().path("value") : content.path("example");
        }
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        document.path("paths").fields().forEachRemaining(path -> path.getValue()
                .fields()
                .forEachRemaining(operation ->
                        operations.add(new Operation(operation.getKey(), path.getKey(), operation.getValue()))));
        return operations;
    }

    /** Holds the document against the schema of OpenAPI 3.1, and its schemas against that of JSON Schema. */
    void requireValid() throws IOException {
        var openApi = SCHEMAS.getSchema(Files.readString(Path.of("src/test/resources/openapi/oas-3.1.json")));
        assertThat(openApi.validate(document)).isEmpty();
        var dialect = SCHEMAS.getSchema(SchemaLocation.of(SchemaId.V202012));
        var schemas = document.findValues("schema");
        document.path("components").path("schemas").forEach(schemas::add);
        assertThat(schemas).isNotEmpty().allSatisfy(schema -> assertThat(dialect.validate(schema))
                .isEmpty());
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    /** Holds an answer against what the document says of its operation and status. */
    void require(String method, String path, HttpResponse<String> answer) throws IOException {
        var responses = operation(method, path).told().path("responses");
        var said = responses.path(String.valueOf(answer.statusCode()));
        var response = resolved(said.isMissingNode() ? responses.path("default") : said);
        String what = method + " " + path + " " + answer.statusCode() + " " + answer.body();
        if (!response.has("content")) {
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        String type = answer.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
        var content = response.path("content").path(type);
        assertThat(content.isMissingNode()).as(what + ": " + type).isFalse();
        if (type.endsWith("json")) {
            assertThat(schema(content.path("schema")).validate(JSON.readTree(answer.body())))
                    .as(what)
                    .isEmpty();
        }
    }

    /** Holds what an operation shows to send against what it says may be sent. */
    void requireExample(Operation operation) {
        var content = operation.told().path("requestBody").path("content").path("application/json");
        assertThat(schema(content.path("schema")).validate(operation.example()))
                .as(operation.name())
                .isEmpty();
    }

    /** The one of a path as it is written, or else the one whose parameters take it. */
    private Operation operation(String method, String path) {
        String plain = path.replaceAll("\\?.*", "");
        var candidates = operations().stream()
                .filter(operation -> operation.method().equals(method.toLowerCase(Locale.ROOT)))
                .toList();
        return candidates.stream()
                .filter(operation -> operation.path().equals(plain))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(operation -> takes(operation.path(), plain))
                        .findFirst())
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not described"));
    }

    private static boolean takes(String template, String path) {
        return Pattern.matches(template.replace(".", "\\.").replaceAll("\\{[^}]+}", "[^/]+"), path);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private JsonSchema schema(JsonNode schema) {
        var root = JSON.createObjectNode();
        root.putArray("allOf").add(schema.deepCopy());
        root.set("components", document.path("components").deepCopy());
        close(root);
        return SCHEMAS.getSchema(root);
    }

    private static void close(JsonNode node) {
        if (node.path("properties").isObject() && !node.has("additionalProperties")) {
            ((ObjectNode) node).put("additionalProperties", false);
        }
        node.forEach(ApiContract::close);
    }
}
