package dev.augur.model.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Walks a protobuf stream field by field and knows where each stands. Used on one thread. */
final class ProtobufReader {
    /** A number in a tag: the value is a varint. */
    static final int VARINT = 0;

    /** A number in a tag: the value is a text, byte string or message behind its length. */
    static final int DELIMITED = 2;

    /** Bytes of the stream from {@code start} up to {@code end}. */
    record Stretch(int start, int end) {
        int length() {
            return end - start;
        }
    }

    /** Takes fields one after the other. */
    interface Visitor {
        /**
         * Reads the value of a field, or leaves it to be skipped.
         *
         * @param tag number and kind of the field: {@code number << 3 | kind}
         * @param start where its tag began
         * @return whether the value was read
         */
        boolean field(int tag, int start) throws IOException;
    }

    private final CodedInputStream in;

    /** Reads up to 2 GiB. */
    ProtobufReader(InputStream in) {
        this.in = CodedInputStream.newInstance(in);
    }

    /** Visits all fields up to the end of the stream. */
    void fields(Visitor visitor) throws IOException {
        int start = in.getTotalBytesRead();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!visitor.field(tag, start) && !in.skipField(tag)) {
                throw new IOException("a group ends that did not begin");
            }
            start = in.getTotalBytesRead();
        }
    }

    /** Visits all fields of the message that the current field holds; where its content stands. */
    @CanIgnoreReturnValue
    Stretch message(Visitor visitor) throws IOException {
        int length = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        int outer = in.pushLimit(length);
        fields(visitor);
        in.popLimit(outer);
        int end = in.getTotalBytesRead();
        if (end - start != length) {
            throw new IOException("a message is cut off");
        }
        return new Stretch(start, end);
    }

    /** The message that the current field holds, unless it is longer than that; then it is skipped. */
    Optional<Fields> message(int maxBytes) throws IOException {
        int length = in.readRawVarint32();
        if (length > maxBytes) {
            in.skipRawBytes(length);
            return Optional.empty();
        }
        return Optional.of(Fields.of(in.readRawBytes(length)));
    }

    /** The message that the current field holds; one that is longer than that is visited field by field instead. */
    Optional<Fields> message(int maxBytes, Visitor visitor) throws IOException {
        int length = in.readRawVarint32();
        if (length <= maxBytes) {
            return Optional.of(Fields.of(in.readRawBytes(length)));
        }
        int outer = in.pushLimit(length);
        fields(visitor);
        in.popLimit(outer);
        return Optional.empty();
    }

    /** The integer of the current field. */
    long integer() throws IOException {
        return in.readInt64();
    }

    /** Adds the integers of the current field, which is a packed list, up to so many of all. */
    void packed(List<Long> integers, int most) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            long next = in.readInt64();
            if (integers.size() < most) {
                integers.add(next);
            }
        }
        in.popLimit(outer);
    }

    /** The text of the current field. */
    String text() throws IOException {
        return in.readString();
    }

    /** Where the next field begins. */
    int position() {
        return in.getTotalBytesRead();
    }
}
