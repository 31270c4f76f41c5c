package dev.augur.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** Writes operations into a document: each with its errors and a name that no other has. One use, one thread. */
final class Operations {
    private final ObjectNode document;
    private final Set<String> names = new HashSet<>();
    private final Set<String> tags = new HashSet<>();
    private boolean checked;

    Operations(ObjectNode document) {
        this.document = document;
    }

    /**
     * Writes one.
     *
     * @param path that of the route, or one of those that it takes
     */
    void put(String path, ApiRoute route, ObjectNode operation) {
        Errors.add(operation, route);
        route.scope().ifPresent(scope -> {
            var ways = operation.putArray("security");
            ways.addObject().putArray("Bearer").add(scope);
            ways.addObject().putArray("ApiKey").add(scope);
            checked = true;
        });
        String name = operation.path("operationId").asText();
        String unique = name;
        for (int next = 2; !names.add(unique); next++) {
            unique = name + "_" + next;
        }
        operation.put("operationId", unique);
        operation.path("tags").forEach(tag -> tags.add(tag.asText()));
        var paths = (ObjectNode) document.path("paths");
        var item = paths.get(path) instanceof ObjectNode there ? there : paths.putObject(path);
        item.set(route.key(), operation);
    }

    /** Takes out what no operation needs. */
    void end() {
        if (!checked) {
            document.withObject("/components").remove("securitySchemes");
        }
        for (Iterator<JsonNode> tag = document.path("tags").elements(); tag.hasNext(); ) {
            if (!tags.contains(tag.next().path("name").asText())) {
                tag.remove();
            }
        }
    }
}
