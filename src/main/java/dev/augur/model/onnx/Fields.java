package dev.augur.model.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of one protobuf message of a model file, by their numbers in the ONNX project's {@code onnx.proto}.
 * Thread-safe.
 */
record Fields(UnknownFieldSet message) {
    static Fields of(byte[] message) throws IOException {
        return new Fields(UnknownFieldSet.parseFrom(message));
    }

    boolean has(int field) {
        return message.hasField(field);
    }

    /** A text; empty if it is not there. */
    String text(int field) {
        var all = bytes(field);
        return all.isEmpty() ? "" : all.get(all.size() - 1).toStringUtf8();
    }

    /** Texts, byte strings and messages of a repeated field. */
    List<ByteString> bytes(int field) {
        return message.getField(field).getLengthDelimitedList();
    }

    /** A message; none if it is not there. */
    Optional<Fields> message(int field) throws IOException {
        var all = bytes(field);
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(Fields.of(all.get(all.size() - 1).toByteArray()));
    }

    /** An integer; 0 if it is not there. */
    long integer(int field) throws IOException {
        var all = integers(field);
        return all.isEmpty() ? 0 : all.get(all.size() - 1);
    }

    /** The integers of a repeated field, packed or one by one. */
    List<Long> integers(int field) throws IOException {
        var all = new ArrayList<>(message.getField(field).getVarintList());
        for (ByteString packed : bytes(field)) {
            CodedInputStream in = packed.newCodedInput();
            while (!in.isAtEnd()) {
                all.add(in.readInt64());
            }
        }
        return all;
    }

    /** Floats as their bits, which come in a packed field as they are. */
    List<Integer> floats(int field) throws IOException {
        var all = new ArrayList<>(message.getField(field).getFixed32List());
        for (ByteString packed : bytes(field)) {
            CodedInputStream in = packed.newCodedInput();
            while (!in.isAtEnd()) {
                all.add(in.readFixed32());
            }
        }
        return all;
    }

    /** Doubles as their bits, which come in a packed field as they are. */
    List<Long> doubles(int field) throws IOException {
        var all = new ArrayList<>(message.getField(field).getFixed64List());
        for (ByteString packed : bytes(field)) {
            CodedInputStream in = packed.newCodedInput();
            while (!in.isAtEnd()) {
                all.add(in.readFixed64());
            }
        }
        return all;
    }
}
