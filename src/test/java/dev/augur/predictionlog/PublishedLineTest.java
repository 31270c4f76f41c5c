package dev.augur.predictionlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What listeners and interceptors of the event bus see of a stored line. */
@ExtendWith(VertxExtension.class)
class PublishedLineTest {
    private static final String LINE = "{\"seq\":7,\"text\":\"müde ☂\",\"data\":[0.1,-2e-30],\"more\":{\"a\":null}}";

    @Test
    void isAJsonObjectToEachWhoListensAndToInterceptors(Vertx vertx, VertxTestContext test) {
        var expected = new JsonObject(LINE);
        var seen = new ArrayList<JsonObject>();
        vertx.eventBus().<Object>addOutboundInterceptor(delivery -> {
            if (delivery.body() instanceof JsonObject body) {
                test.verify(() -> {
                    assertThat(body.getMap()).isEqualTo(expected.getMap());
                    assertThat(body.getInteger("seq")).isEqualTo(7);
                    assertThat(body.getJsonObject("more").containsKey("a")).isTrue();
                    assertThat(body.containsKey("none")).isFalse();
                    assertThat(body.toBuffer().toString(StandardCharsets.UTF_8)).isEqualTo(LINE);
                    assertThat(body.encode()).isEqualTo(LINE);
                });
            }
            delivery.next();
        });
        for (int i = 0; i < 2; i++) {
            vertx.eventBus()
                    .<JsonObject>consumer(
                            "lines",
                            message -> test.verify(() -> {
                                assertThat(message.body().getClass()).isEqualTo(JsonObject.class);
                                assertThat(message.body()).isEqualTo(expected);
                                message.body().put("changed", true); // is nobody else's affair
                                seen.add(message.body());
                                if (seen.size() == 2) {
                                    assertThat(seen.get(0)).isNotSameAs(seen.get(1));
                                    test.completeNow();
                                }
                            }));
        }
        PublishedLine.publish(vertx, "lines", ByteBuffer.wrap(LINE.getBytes(StandardCharsets.UTF_8)));
    }
}
