package dev.augur.run;

import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;

/**
 * A program that joins nodes at these addresses, the first of which is its own, and prints what it hears: {@code record
 * ID}, {@code event NAME}; and {@code answer STATUS} for each line that it reads.
 */
public final class BusListener {
    private BusListener() {}

    public static void main(String[] addresses) throws Exception {
        var cluster = new ClusterConfig(
                true,
                System.getProperty("augur.cluster.name", "augur"),
                addresses[0],
                Integer.getInteger("augur.cluster.port", 5701),
                8,
                0,
                List.of(addresses),
                Optional.empty(),
                Optional.empty(),
                ClusterConfig.Patience.USUAL);
        var vertx = TestServer.await(ClusteredVertx.join(new VertxOptions(), cluster));
        TestServer.await(vertx.eventBus()
                .<JsonObject>consumer("augur.predictions", record -> print("record", record.body(), "record_id"))
                .completion());
        TestServer.await(vertx.eventBus()
                .<JsonObject>consumer("augur.events", event -> print("event", event.body(), "event"))
                .completion());
        System.out.println("listens");
        var lines = new Scanner(System.in, "UTF-8");
        while (lines.hasNextLine()) {
            lines.nextLine();
            ask(vertx);
        }
    }

    private static void ask(Vertx vertx) {
        var options = new DeliveryOptions().setSendTimeout(800);
        vertx.eventBus()
                .request("augur.pipelines.wine", new JsonObject().put("item_id", 43), options)
                .onComplete(answer ->
                        System.out.println(answer.succeeded() ? "answer 200" : "no answer: " + answer.cause()));
    }

    private static void print(String what, JsonObject body, String field) {
        System.out.println(what + " " + body.getString(field));
    }
}
