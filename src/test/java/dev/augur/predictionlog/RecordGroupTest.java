package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.testkit.Wire;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordGroupTest {
    private final RecordJson json = new RecordJson();

    @Test
    void reachesAnotherNodeAsItIsToStandInTheLedger() throws Exception {
        var first = record("a");
        var second = record("\u00e4", Map.of("text", "\u20ac"));

        var arrived = overTheWire(RecordGroup.of(List.of(first, second)));

        assertThat(List.of(arrived.id(0), arrived.id(1))).containsExactly("a", "\u00e4");
        assertThat(bytes(arrived, 0)).isEqualTo(json.encode(first));
        assertThat(bytes(arrived, 1)).isEqualTo(json.encode(second));
    }

    @Test
    void whatCannotBeWrittenLeavesNothing() throws Exception {
        var group = new RecordGroup(new byte[0]);
        group.add(record("a"), json);
        assertThatThrownBy(() -> group.add(record("b", Map.of("x", new Object())), json))
                .isInstanceOf(UnwritableRecordException.class);
        group.add(record("c"), json);

        assertThat(group.size()).isEqualTo(2);
        assertThat(bytes(group, 0)).isEqualTo(json.encode(record("a")));
        assertThat(bytes(group, 1)).isEqualTo(json.encode(record("c")));
    }

    @Test
    void holdsMoreRecordsThanItBeganWith() throws Exception {
        var records = IntStream.range(0, 100).mapToObj(i -> record("r" + i)).toList();

        var arrived = overTheWire(RecordGroup.of(records));

        assertThat(arrived.size()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat(arrived.id(i)).isEqualTo("r" + i);
            assertThat(bytes(arrived, i)).isEqualTo(json.encode(records.get(i)));
        }
    }

    @Test
    void whatAnOlderNodeCouldNotWriteIsRefusedByTheWriterAlone(@TempDir Path directory) throws Exception {
        var wire = Buffer.buffer().appendInt(2); // as version 0.1 sent it: no bytes
        wire.appendInt(1).appendString("a").appendInt(0);
        byte[] whole = json.encode(record("b"));
        wire.appendInt(1).appendString("b").appendInt(whole.length).appendBytes(whole);

        try (var ledger = Ledger.open(directory, LedgerTest.CONFIG)) {
            var written = new GroupWriter(ledger).write(List.of(new RecordGroup.Codec().decodeFromWire(0, wire)));
            assertThat(written.unwritable()).containsOnlyKeys("a");
            assertThat(written.lines()).hasSize(1);
        }
    }

    @Test
    void travelsAsGroupsOfThisNumberHaveAlwaysDone() throws Exception {
        var codec = new RecordGroup.Codec();
        var before = Wire.bytes(RecordGroup.CODEC + ".hex");

        var group = codec.decodeFromWire(0, before);
        assertThat(List.of(group.id(0), group.id(1))).containsExactly("a", "\u00e4");
        assertThat(bytes(group, 0)).asString().isEqualTo("{\"record_id\":\"a\",\"x\":1.50}");
        assertThat(new String(bytes(group, 1), StandardCharsets.UTF_8))
                .isEqualTo("{\"record_id\":\"\u00e4\",\"text\":\"\u20ac\"}");
        var wire = Buffer.buffer();
        codec.encodeToWire(wire, group);
        assertThat(wire).as(Wire.WHAT_TO_DO).isEqualTo(before);
    }

    private static byte[] bytes(RecordGroup group, int record) {
        return Arrays.copyOfRange(group.json(), group.from(record), group.to(record));
    }

    private static RecordGroup overTheWire(RecordGroup group) {
        var codec = new RecordGroup.Codec();
        var wire = Buffer.buffer("before");
        codec.encodeToWire(wire, group);
        return codec.decodeFromWire("before".length(), wire);
    }
}
