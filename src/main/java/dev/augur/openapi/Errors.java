package dev.augur.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Says of each operation how it may fail, where that follows from its route. Thread-safe. */
final class Errors {
    private Errors() {}

    /** Adds the answers to requests that failed; those that the operation tells itself stay. */
    static void add(ObjectNode operation, ApiRoute route) {
        String kind = route.isProtocol() ? "ProtocolError" : "Error";
        ObjectNode responses = operation.withObject("/responses");
        for (String status : statuses(route)) {
            if (!responses.has(status)) {
                refer(responses, status, kind + status);
            }
        }
        if (route.scope().isPresent()) {
            refer(responses, "401", kind + "401");
            refer(responses, "403", kind + "403");
        }
        refer(responses, "default", kind + "Other");
    }

    private static List<String> statuses(ApiRoute route) {
        var statuses = new ArrayList<String>();
        if (route.hasBody()) {
            statuses.addAll(List.of("400", "408", "413", "415", "429", "500", "503", "504"));
            if (!route.isProtocol()) {
                statuses.add("422");
            }
        } else {
            statuses.addAll(List.of("400", "429", "503"));
        }
        if (!route.parameters().isEmpty()) {
            statuses.add("404");
        }
        return statuses.stream().sorted().toList();
    }

    private static void refer(ObjectNode responses, String status, String name) {
        responses.putObject(status).put("$ref", "#/components/responses/" + name);
    }
}
