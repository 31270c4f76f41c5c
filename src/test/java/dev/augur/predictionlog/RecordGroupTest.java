package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordGroupTest {
    private final RecordJson json = new RecordJson();

    @Test
    void reachesAnotherNodeAsItIsToStandInTheLedger() throws Exception {
        var first = record("a");
        var second = record("\u00e4", Map.of("text", "\u20ac"));

        var arrived = overTheWire(new RecordGroup(List.of(first, second)));

        assertThat(arrived.records()).extracting(LogRecord::recordId).containsExactly("a", "\u00e4");
        assertThat(json.encode(arrived.records().get(0))).isEqualTo(json.encode(first));
        assertThat(json.encode(arrived.records().get(1))).isEqualTo(json.encode(second));
    }

    @Test
    void whatCannotBeWrittenIsRefusedByTheWriterAlone() throws Exception {
        var arrived =
                overTheWire(new RecordGroup(List.of(record("a"), record("b", Map.of("x", new Object())), record("c"))));

        assertThat(json.encode(arrived.records().get(2))).isEqualTo(json.encode(record("c")));
        assertThatThrownBy(() -> json.encode(arrived.records().get(1)))
                .isInstanceOf(UnwritableRecordException.class)
                .hasMessageContaining("its node could not write it");
    }

    private static RecordGroup overTheWire(RecordGroup group) {
        var codec = new RecordGroup.Codec();
        var wire = Buffer.buffer("before");
        codec.encodeToWire(wire, group);
        return codec.decodeFromWire("before".length(), wire);
    }
}
