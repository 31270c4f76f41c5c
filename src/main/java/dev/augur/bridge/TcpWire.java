package dev.augur.bridge;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;

/** A client over TCP: each message is its length in four bytes, and JSON. Confined to one event loop. */
final class TcpWire implements Wire {
    private static final int HEAD = 4;

    private final NetSocket socket;
    private final int maxBytes;
    private final RecordParser parser = RecordParser.newFixed(HEAD);
    private boolean atHead = true;

    TcpWire(NetSocket socket, int maxBytes, int queueBytes) {
        this.socket = socket;
        this.maxBytes = maxBytes;
        socket.setWriteQueueMaxSize(queueBytes);
    }

    void read(Handler<Buffer> messages) {
        parser.handler(part -> {
            if (!atHead) {
                atHead = true;
                parser.fixedSizeMode(HEAD);
                messages.handle(part);
                return;
            }
            long length = part.getUnsignedInt(0);
            if (length < 1 || length > maxBytes) { // and what follows cannot be told apart any more
                write(new JsonObject()
                        .put("type", "err")
                        .put("failureCode", 413)
                        .put("failureType", "RECIPIENT_FAILURE")
                        .put("message", "a message has 1 to " + maxBytes + " bytes, found " + length));
                cutOff();
                return;
            }
            atHead = false;
            parser.fixedSizeMode((int) length);
        });
        socket.handler(parser);
    }

    @Override
    public String messageType() {
        return "message";
    }

    @Override
    public boolean answersPings() {
        return true;
    }

    @Override
    public String shown() {
        return "";
    }

    @Override
    public void write(JsonObject message) {
        var json = message.toBuffer();
        var unused = socket.write(
                Buffer.buffer(HEAD + json.length()).appendInt(json.length()).appendBuffer(json));
    }

    @Override
    public boolean isFull() {
        return socket.writeQueueFull();
    }

    @Override
    public void cutOff() {
        parser.pause(); // or it would go on with what has come already
        socket.pause();
        var unused = socket.close();
    }
}
