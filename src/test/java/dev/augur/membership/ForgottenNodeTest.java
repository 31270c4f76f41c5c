package dev.augur.membership;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.statement.StatementJson;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of a node that can tell nothing itself any more. */
@ExtendWith(VertxExtension.class)
class ForgottenNodeTest {
    private static final MembershipConfig CONFIG = new MembershipConfig("augur-test", Duration.ofMillis(40));

    @Test
    void oneThatSaysNothingForLongHasLeftAndIsBackWhenItSpeaks(Vertx vertx) throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        vertx.eventBus()
                .<JsonObject>consumer(
                        Addresses.EVENTS,
                        message -> heard.add(message.body().getString("event") + " "
                                + message.body().getString("node")));
        var nodes = new Nodes(CONFIG, /* clustered= */ true, () -> Statements.of("node-1"));
        await(vertx.deployVerticle(new MembershipVerticle(CONFIG, nodes, new ModelRegistry())));
        eventually(() -> heard.contains("joined node-1"));

        says(vertx, "node-2");
        eventually(() -> heard.contains("left node-2"));
        assertThat(nodes.find("node-2")).isEmpty();
        says(vertx, "node-2");
        eventually(() -> heard.contains("joined node-2"));
        assertThat(heard).startsWith("joined node-1", "left node-2", "joined node-2");
    }

    private static void says(Vertx vertx, String node) {
        vertx.eventBus().publish(Addresses.NODES, StatementJson.said(Statements.of(node)));
    }
}
