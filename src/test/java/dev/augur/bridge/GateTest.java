package dev.augur.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.Doorkeeper;
import dev.augur.bus.Addresses;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What patterns that are too wide open, and what they do not. */
class GateTest {
    private static final Gate GATE =
            new Gate(new BridgeConfig.AddressRules(List.of("augur.*", "*"), List.of("augur.*", "*")), Doorkeeper.OPEN);

    @ParameterizedTest
    @ValueSource(
            strings = {
                Addresses.LEFT,
                Addresses.NODES,
                "augur.nodes.node-1",
                Addresses.PREDICTION_LOG,
                "augur.prediction-log.writer-1",
                "augur.prediction-log.questions.node-1",
                "augur.predictions.after.writer-1",
                "augur.what.is.to.come",
                "__vertx.reply.1"
            })
    void whatIsOfTheNodesThemselvesIsClosedBothWays(String address) {
        assertThat(refusal(Gate.Way.INBOUND, address))
                .isEqualTo("\"" + address + "\" is not among the addresses that clients may send to");
        assertThat(refusal(Gate.Way.OUTBOUND, address))
                .isEqualTo("\"" + address + "\" is not among the addresses that clients may listen at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"augur.models.iris", "augur.pipelines.wine", Addresses.PREDICTIONS_AFTER})
    void whatNodesAnswerIsSentToAndNoClientTakesItsPlace(String address) {
        assertThat(opens(Gate.Way.INBOUND, address)).isTrue();
        assertThat(opens(Gate.Way.OUTBOUND, address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {Addresses.PREDICTIONS, Addresses.EVENTS})
    void whatNodesPublishIsListenedAtAndNoClientMakesItUp(String address) {
        assertThat(opens(Gate.Way.INBOUND, address)).isFalse();
        assertThat(opens(Gate.Way.OUTBOUND, address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.orders", "augury"})
    void addressesOfOthersAreOpenBothWays(String address) {
        assertThat(opens(Gate.Way.INBOUND, address)).isTrue();
        assertThat(opens(Gate.Way.OUTBOUND, address)).isTrue();
    }

    private static boolean opens(Gate.Way way, String address) {
        return GATE.known(way, address, "").succeeded();
    }

    private static String refusal(Gate.Way way, String address) {
        var known = GATE.known(way, address, "");
        return known.succeeded() ? "" : String.valueOf(known.cause().getMessage());
    }
}
