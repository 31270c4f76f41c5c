package dev.augur.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.Wire;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nodes say of themselves, and what of it is believed. */
class StatementJsonTest {
    private static final NodeStatement STATEMENT = new NodeStatement(
            new NodeStatement.Identity(
                    "node-1",
                    "1.0.0",
                    List.of("predict"),
                    Instant.EPOCH,
                    new NodeStatement.Places(
                            "",
                            "10.0.0.1:5703",
                            "secret",
                            Optional.of(new NodeStatement.BusPlace("augur.nodes.node-1", Duration.ofSeconds(2)))),
                    Optional.of("writer-1")),
            new NodeStatement.Load(3, false),
            List.of(new ServedModel("iris", "1", "READY", false, "")),
            List.of(new ServedPipeline("wine", "wine", true)));

    @Test
    void isReadAsItWasSaid() {
        assertThat(StatementJson.read(
                        new JsonObject(StatementJson.said(STATEMENT).encode())))
                .isEqualTo(STATEMENT);
        assertThat(StatementJson.of(STATEMENT).encode()).doesNotContain("secret", "wire");
    }

    @Test
    void isSaidAsNodesOfThisVersionHaveAlwaysSaidIt() throws Exception {
        var before = Wire.json("statement-" + StatementJson.WIRE + ".json");
        assertThat(StatementJson.said(STATEMENT)).as(Wire.WHAT_TO_DO).isEqualTo(before);
        assertThat(StatementJson.read(before)).isEqualTo(STATEMENT);
    }

    @Test
    void aNodeThatSpeaksAnotherVersionIsNotBelieved() {
        var newer = StatementJson.said(STATEMENT).put("version", "2.0.0").put("wire", 2);
        assertThatThrownBy(() -> StatementJson.read(newer))
                .hasMessage("node-1 is Augur 2.0.0, whose nodes speak version 2 with one another, this one version 1");
        newer.remove("wire");
        assertThatThrownBy(() -> StatementJson.read(newer)).hasMessageContaining("speak version 0 with one another");
        assertThat(StatementJson.read(StatementJson.said(STATEMENT).put("more", "of a newer one")))
                .isEqualTo(STATEMENT);
    }
}
