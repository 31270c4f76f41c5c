package dev.augur.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.Doorkeeper;
import dev.augur.metrics.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client, by what it is told. */
@ExtendWith(VertxExtension.class)
class BridgeSessionTest {
    private static final int SENT = 1_000;
    private static final int TOLD = 100;

    /** Each of these has an answer that nothing else bounds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"type\":\"ping\"}",
                "{\"type\":\"send\",\"address\":\"augur.models.iris\",\"replyAddress\":\"r\",\"body\":1}",
                "{\"type\":\"register\",\"address\":\"augur.nodes\"}"
            })
    void whoSendsOnAndReadsNothingIsCutOff(String message, Vertx vertx, VertxTestContext ctx) {
        var wire = new Unread();
        vertx.runOnContext(now -> ctx.verify(() -> {
            var session = new BridgeSession(bus(vertx), wire);
            for (int i = 0; i < SENT; i++) {
                session.receive(Buffer.buffer(message));
            }
            assertThat(wire.written).isEqualTo(TOLD);
            assertThat(wire.isCutOff).isTrue();
            ctx.completeNow();
        }));
    }

    @Test
    void whoseConnectionEndsWaitsForNothingAnyMore(Vertx vertx, VertxTestContext ctx) {
        var wire = new Unread();
        wire.full = false;
        var session = new BridgeSession(bus(vertx), wire);
        var asked = new AtomicReference<String>();
        vertx.runOnContext(now -> {
            vertx.eventBus().consumer("augur.models.iris", request -> {
                asked.set(request.headers().get("call"));
                session.end(); // and no answer
            });
            vertx.eventBus()
                    .consumer(
                            "augur.left",
                            left -> ctx.verify(() -> {
                                assertThat(left.body()).isNotNull().isEqualTo(asked.get());
                                assertThat(left.body()).isNotEqualTo("of another");
                                ctx.completeNow();
                            }));
            session.receive(Buffer.buffer("{\"type\":\"send\",\"address\":\"augur.models.iris\",\"replyAddress\":\"r\","
                    + "\"headers\":{\"call\":\"of another\"},\"body\":{}}"));
        });
    }

    private static BridgeSession.Bus bus(Vertx vertx) {
        var rules = new BridgeConfig.AddressRules(List.of("augur.models.*"), List.of());
        var limits = new BridgeConfig.Limits(1 << 20, 1, 1, Duration.ofSeconds(1));
        return new BridgeSession.Bus(
                vertx, /* nodes= */ null, limits, new Gate(rules, Doorkeeper.OPEN), new Meters().bridge());
    }

    /** A client with more to read than it may have. */
    private static final class Unread implements Wire {
        private int written;
        private boolean isCutOff;
        private boolean full = true;

        @Override
        public String messageType() {
            return "message";
        }

        @Override
        public boolean answersPings() {
            return true;
        }

        @Override
        public String shown() {
            return "";
        }

        @Override
        public void write(JsonObject message) {
            written++;
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public void cutOff() {
            isCutOff = true;
        }
    }
}
