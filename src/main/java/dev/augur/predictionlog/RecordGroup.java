package dev.augur.predictionlog;

import dev.augur.bus.Codecs;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Records on their way to the logging verticle, in order: by reference inside one JVM; between nodes each with its id
 * and as it is to stand in the ledger. The reply names those that can never be stored. Immutable, thread-safe.
 */
record RecordGroup(List<LogRecord> records) {
    /** The same on every node; another layout is another number. */
    static final String CODEC = "augur-record-group-1";

    RecordGroup {
        records = List.copyOf(records);
    }

    /** Makes groups known to the event bus; may be done again. */
    static void register(Vertx vertx) {
        Codecs.register(vertx, new Codec());
    }

    static final class Codec implements MessageCodec<RecordGroup, RecordGroup> {
        private final RecordJson json = new RecordJson();

        @Override
        public RecordGroup transform(RecordGroup group) {
            return group;
        }

        @Override
        public void encodeToWire(Buffer wire, RecordGroup group) {
            wire.appendInt(group.records().size());
            for (LogRecord record : group.records()) {
                byte[] id = record.recordId().getBytes(StandardCharsets.UTF_8);
                wire.appendInt(id.length).appendBytes(id);
                var line = encoded(record);
                wire.appendInt(line.length()).appendBuffer(line);
            }
        }

        /** Nothing for what no JSON can express: the writer refuses that one, and takes the others. */
        private Buffer encoded(LogRecord record) {
            try {
                return Buffer.buffer(json.encode(record));
            } catch (UnwritableRecordException e) {
                return Buffer.buffer();
            }
        }

        @Override
        public RecordGroup decodeFromWire(int position, Buffer wire) {
            int at = position;
            int count = wire.getInt(at);
            at += Integer.BYTES;
            var records = new ArrayList<LogRecord>();
            for (int i = 0; i < count; i++) {
                int idEnd = at + Integer.BYTES + wire.getInt(at);
                String id = wire.getString(at + Integer.BYTES, idEnd);
                at = idEnd + Integer.BYTES + wire.getInt(idEnd);
                records.add(new EncodedRecord(id, wire.getBuffer(idEnd + Integer.BYTES, at)));
            }
            return new RecordGroup(records);
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
