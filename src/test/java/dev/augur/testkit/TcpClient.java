package dev.augur.testkit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of the TCP bridge in any language: lengths and JSON. One thread. */
public final class TcpClient implements Closeable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    public TcpClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    public TcpClient send(JsonObject message) throws IOException {
        return raw(message.encode());
    }

    public TcpClient raw(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
        return this;
    }

    /** A head with that length, and in the same write what would be frames if it were not there. */
    public TcpClient inOneFrame(int length, String... texts) throws IOException {
        var all = Buffer.buffer().appendInt(length);
        for (String text : texts) {
            var bytes = Buffer.buffer(text);
            all.appendInt(bytes.length()).appendBuffer(bytes);
        }
        out.write(all.getBytes());
        out.flush();
        return this;
    }

    public TcpClient announce(int length) throws IOException {
        out.writeInt(length);
        out.flush();
        return this;
    }

    public JsonObject next() throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new JsonObject(Buffer.buffer(bytes));
    }

    public boolean isCut() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
