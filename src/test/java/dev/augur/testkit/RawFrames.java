package dev.augur.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A connection of HTTP/2 without TLS that sends any frames, as no client would. */
public final class RawFrames implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int GOAWAY = 7;

    private final Socket socket;

    public RawFrames(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(PREFACE);
        send(frame(SETTINGS, 0, 0));
    }

    /** One frame. */
    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The headers of a GET, packed by the static table alone. */
    public static byte[] get(String path) {
        var headers = new ByteArrayOutputStream();
        headers.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 4, (byte) path.length()});
        headers.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
        headers.writeBytes(new byte[] {1, 1, 't'});
        return headers.toByteArray();
    }

    public void send(byte[] frame) throws IOException {
        socket.getOutputStream().write(frame);
    }

    /** Whether frames like this one, as many as that, end the connection, whether or not the server says why. */
    public boolean endedBy(byte[] frames, int count) {
        try {
            for (int i = 0; i < count; i++) {
                send(frames);
            }
            return ended();
        } catch (IOException reset) {
            return true;
        }
    }

    /** Whether the connection is ended, or will be as soon as nothing is open; waits ten seconds at most. */
    public boolean ended() {
        try {
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.skipNBytes(5L + length);
                if (type == GOAWAY) {
                    return true;
                }
            }
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
