package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A line as a message: the key is its record's id, the value its JSON, the time that of its request, the headers are
 * {@code writer_id}, {@code seq}, {@code model} and {@code status}, where it has them. In place of a line that the
 * topic refuses stands a note, with the reason in the header {@code refused} and in its JSON. Immutable, thread-safe.
 */
final class KafkaMessage {
    private static final String REFUSED = "refused"; // a header, and a field of the note
    private static final List<String> FIELDS =
            List.of(RecordField.RECORD_ID, RecordField.RECEIVED_AT, RecordField.MODEL, RecordField.STATUS);

    private final LedgerLine line;
    private final Map<String, String> fields;
    private final long timeMillis;
    private final @Nullable String refusal;

    private KafkaMessage(LedgerLine line, Map<String, String> fields, long timeMillis, @Nullable String refusal) {
        this.line = line;
        this.fields = Map.copyOf(fields);
        this.timeMillis = timeMillis;
        this.refusal = refusal;
    }

    /** The message of a line; of a line that is no JSON object, one without a model and a status. */
    static KafkaMessage of(LedgerLine line) {
        Map<String, String> fields;
        try {
            fields = RecordFields.read(line.bytes(), FIELDS);
        } catch (IOException e) {
            fields = Map.of();
        }
        // Brokers refuse what is an hour ahead of them, which a clock that was set back would have made.
        long time = Math.min(RecordFields.millis(fields.get(RecordField.RECEIVED_AT)), System.currentTimeMillis());
        return new KafkaMessage(line, fields, Math.max(0, time), null);
    }

    /** The note that stands for it. */
    KafkaMessage refused(String reason) {
        return new KafkaMessage(line, fields, timeMillis, reason);
    }

    boolean note() {
        return refusal != null;
    }

    /** When its request came, since 1970. */
    long timeMillis() {
        return timeMillis;
    }

    String recordId() {
        return fields.getOrDefault(RecordField.RECORD_ID, RecordFields.defaultId(line));
    }

    String writer() {
        return line.before().writer();
    }

    long seq() {
        return line.seq();
    }

    ProducerRecord<byte[], byte[]> in(String topic, int partition) {
        var message = new ProducerRecord<>(topic, partition, timeMillis, bytes(recordId()), value());
        header(message.headers(), RecordField.WRITER_ID, writer());
        header(message.headers(), RecordField.SEQ, String.valueOf(seq()));
        header(message.headers(), RecordField.MODEL, fields.get(RecordField.MODEL));
        header(message.headers(), RecordField.STATUS, fields.get(RecordField.STATUS));
        header(message.headers(), REFUSED, refusal);
        return message;
    }

    private byte[] value() {
        if (refusal == null) {
            return line.bytes();
        }
        var note = new LinkedHashMap<String, Object>();
        note.put(RecordField.WRITER_ID, writer());
        note.put(RecordField.SEQ, seq());
        note.put(RecordField.RECORD_ID, recordId());
        note.put(REFUSED, refusal);
        return LineJson.bytes(note);
    }

    private static void header(Headers headers, String name, @Nullable String text) {
        if (text != null) {
            var unused = headers.add(name, bytes(text));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
