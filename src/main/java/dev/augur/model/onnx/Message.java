package dev.augur.model.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/** A protobuf message under construction, its fields by their numbers. Used on one thread. */
final class Message {
    private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

    @CanIgnoreReturnValue
    Message number(int field, long value) {
        fields.mergeField(field, Field.newBuilder().addVarint(value).build());
        return this;
    }

    @CanIgnoreReturnValue
    Message text(int field, String value) {
        return delimited(field, ByteString.copyFromUtf8(value));
    }

    @CanIgnoreReturnValue
    Message message(int field, Message value) {
        return delimited(field, value.fields.build().toByteString());
    }

    @CanIgnoreReturnValue
    Message bytes(int field, ByteString value) {
        return delimited(field, value);
    }

    byte[] bytes() {
        return fields.build().toByteArray();
    }

    private Message delimited(int field, ByteString value) {
        fields.mergeField(field, Field.newBuilder().addLengthDelimited(value).build());
        return this;
    }
}
