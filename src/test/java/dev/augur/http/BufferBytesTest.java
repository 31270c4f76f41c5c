package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BufferBytesTest {
    private static final String TEXT = "{\"inputs\":[]}";

    @Test
    void aBufferOfJustTheseBytesIsNotCopied() {
        var buffer = Buffer.buffer(TEXT.getBytes(StandardCharsets.UTF_8));
        assertThat(BufferBytes.of(buffer)).asString(StandardCharsets.UTF_8).isEqualTo(TEXT);
        assertThat(BufferBytes.of(buffer)).isSameAs(BufferBytes.of(buffer));
    }

    @Test
    void aPartOfABufferAndOneWithRoomAreCopied() {
        var whole = Buffer.buffer("<" + TEXT + ">");
        for (Buffer buffer : new Buffer[] {
            whole.slice(1, 1 + TEXT.length()),
            whole.getBuffer(1, 1 + TEXT.length()),
            Buffer.buffer(1_000).appendString(TEXT)
        }) {
            assertThat(BufferBytes.of(buffer)).asString(StandardCharsets.UTF_8).isEqualTo(TEXT);
        }
        assertThat(BufferBytes.of(Buffer.buffer())).isEmpty();
    }
}
