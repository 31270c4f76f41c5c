package dev.augur.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of the document that is the same whatever is loaded: {@code openapi/*.yaml}. Immutable, thread-safe. */
final class Template {
    private static final List<String> PARTS =
            List.of("errors", "pipelines", "models", "repository", "predictions", "cluster", "health");
    /** What a path with a version has in its middle. */
    static final String VERSIONS = "/versions/{version}";

    private final ObjectNode tree;

    private Template(ObjectNode tree) {
        this.tree = tree;
    }

    /** The one of this server, read once. */
    static Template shipped() {
        return Shipped.TEMPLATE;
    }

    private static final class Shipped {
        private static final Template TEMPLATE = new Template(read());

        private static ObjectNode read() {
            var document = part("document");
            PARTS.forEach(name -> merge(document, part(name)));
            return document;
        }

        private static ObjectNode part(String name) {
            String resource = "/openapi/" + name + ".yaml";
            try (var in = Template.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException(resource + " is not on the class path");
                }
                return (ObjectNode) new YAMLMapper().readTree(in);
            } catch (IOException e) {
                throw new UncheckedIOException(resource, e);
            }
        }

        private static void merge(ObjectNode into, ObjectNode more) {
            more.fields().forEachRemaining(member -> {
                var there = into.get(member.getKey());
                if (there == null) {
                    into.set(member.getKey(), member.getValue());
                } else {
                    merge((ObjectNode) there, (ObjectNode) member.getValue());
                }
            });
        }
    }

    /** A copy of everything but the paths. */
    ObjectNode frame() {
        var frame = tree.deepCopy();
        frame.putObject("paths");
        return frame;
    }

    /** The paths, in their order. */
    List<String> paths() {
        var paths = new ArrayList<String>();
        tree.path("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    /** A copy of the operation, that of a path with a version made of the one without; empty if there is none. */
    Optional<ObjectNode> operation(String method, String path) {
        var operation = find(method, path);
        if (operation.isPresent() || !path.contains(VERSIONS)) {
            return operation;
        }
        return find(method, path.replace(VERSIONS, "")).map(newest -> {
            newest.put("operationId", newest.path("operationId").asText() + "OfVersion");
            newest.put("summary", newest.path("summary").asText() + ", of one version");
            newest.withArray("parameters").insertObject(1).put("$ref", "#/components/parameters/Version");
            return newest;
        });
    }

    private Optional<ObjectNode> find(String method, String path) {
        JsonNode operation = tree.path("paths").path(path).path(method);
        return operation instanceof ObjectNode found ? Optional.of(found.deepCopy()) : Optional.empty();
    }
}
