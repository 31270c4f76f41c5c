package dev.augur.membership;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.statement.ServedModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of models that change faster than a node looks at them. */
@ExtendWith(VertxExtension.class)
class EventsTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Test
    void oneThatFailsAtOnceAfterItWasUnloadedIsTold(Vertx vertx) throws Exception {
        vertx.eventBus()
                .<JsonObject>consumer(
                        Addresses.EVENTS,
                        message -> heard.add(message.body().getString("event") + " "
                                + message.body().getString("reason", "")));
        var events = new Events(vertx);
        events.models("node", List.of(iris("READY", false, "")));
        events.models("node", List.of(iris("UNAVAILABLE", true, "unloaded")));
        events.models("node", List.of(iris("UNAVAILABLE", false, "no graph")));
        events.models("node", List.of(iris("UNAVAILABLE", false, "no graph")));
        events.models("node", List.of(iris("READY", false, "")));
        eventually(() -> heard.size() == 4);
        assertThat(heard).containsExactly("model_loaded ", "model_unloaded ", "model_failed no graph", "model_loaded ");
    }

    private static ServedModel iris(String state, boolean unloaded, String reason) {
        return new ServedModel("iris", "1", state, unloaded, reason);
    }
}
