package dev.augur.predictionlog;

import dev.augur.bus.Codecs;
import dev.augur.json.JsonBytes;
import dev.augur.json.JsonText;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records on their way to the logging verticle, in order, each with its id and as it is to stand in the ledger: by
 * reference inside one JVM, byte for byte between nodes. The reply names those that can never be stored. Filled by one
 * thread, and not changed after it was sent; thread-safe from then on.
 */
final class RecordGroup {
    /** The same on every node; another layout is another number. */
    static final String CODEC = "augur-record-group-1";

    private static final int FIRST_RECORDS = 16;

    private final JsonBytes json;
    private final List<String> ids = new ArrayList<>(FIRST_RECORDS);
    private int[] ends = new int[FIRST_RECORDS];

    /** An empty group that writes into these bytes as far as they reach; nobody else uses them meanwhile. */
    RecordGroup(byte[] room) {
        this.json = new JsonBytes(room);
    }

    /** A group of these. */
    static RecordGroup of(List<? extends LogRecord> records) throws UnwritableRecordException {
        var group = new RecordGroup(new byte[0]);
        var writer = new RecordJson();
        for (LogRecord record : records) {
            group.add(record, writer);
        }
        return group;
    }

    /** Adds a record; one that cannot be written is not in it. */
    void add(LogRecord record, RecordJson writer) throws UnwritableRecordException {
        writer.write(record, json);
        end(record.recordId());
    }

    private void end(String id) {
        if (ids.size() == ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        ends[ids.size()] = json.length();
        ids.add(id);
    }

    int size() {
        return ids.size();
    }

    /** How many bytes all records take. */
    int bytes() {
        return json.length();
    }

    /** What holds the records, one behind the other; not copied. */
    byte[] json() {
        return json.array();
    }

    String id(int record) {
        return ids.get(record);
    }

    /** Where a record begins. */
    int from(int record) {
        return record == 0 ? 0 : ends[record - 1];
    }

    /** Where a record ends; one that its node could not write has no bytes. */
    int to(int record) {
        return ends[record];
    }

    /** Makes groups known to the event bus; may be done again. */
    static void register(Vertx vertx) {
        Codecs.register(vertx, new Codec());
    }

    static final class Codec implements MessageCodec<RecordGroup, RecordGroup> {
        @Override
        public RecordGroup transform(RecordGroup group) {
            return group;
        }

        @Override
        public void encodeToWire(Buffer wire, RecordGroup group) {
            wire.appendInt(group.size());
            for (int i = 0; i < group.size(); i++) {
                byte[] id = group.id(i).getBytes(StandardCharsets.UTF_8);
                int length = group.to(i) - group.from(i);
                wire.appendInt(id.length).appendBytes(id).appendInt(length);
                wire.appendBytes(group.json(), group.from(i), length);
            }
        }

        @Override
        public RecordGroup decodeFromWire(int position, Buffer wire) {
            int at = position;
            int count = wire.getInt(at);
            at += Integer.BYTES;
            var group = new RecordGroup(new byte[wire.length() - position]);
            for (int i = 0; i < count; i++) {
                int idEnd = at + Integer.BYTES + wire.getInt(at);
                String id = wire.getString(at + Integer.BYTES, idEnd);
                at = idEnd + Integer.BYTES + wire.getInt(idEnd);
                group.json.beginAt(group.json.length());
                group.json.json(new JsonText(wire.getBytes(idEnd + Integer.BYTES, at)));
                group.end(id);
            }
            return group;
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
