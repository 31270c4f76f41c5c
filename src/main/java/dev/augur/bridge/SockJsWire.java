package dev.augur.bridge;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.Locale;

/** A client over SockJS. Confined to one event loop. */
final class SockJsWire implements Wire {
    private static final String BEARER = "bearer ";

    private final SockJSSocket socket;
    private final HttpConnection connection;
    private final int queueBytes;
    private int waiting;

    SockJsWire(SockJSSocket socket, int queueBytes) {
        this.socket = socket;
        this.connection = socket.routingContext().request().connection();
        this.queueBytes = queueBytes;
    }

    @Override
    public String messageType() {
        return "rec";
    }

    @Override
    public boolean answersPings() {
        return false;
    }

    @Override
    public String shown() {
        var headers = socket.headers();
        String authorization = headers.get(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).trim();
        }
        String key = headers.get("X-API-Key");
        return key == null ? "" : key.trim();
    }

    @Override
    public void write(JsonObject message) {
        String text = message.encode();
        waiting += text.length();
        var unused = socket.write(text).onComplete(over -> waiting -= text.length());
    }

    /** By what was not written: the socket hands all it has to its WebSocket at once, and is never full. */
    @Override
    public boolean isFull() {
        return waiting >= queueBytes;
    }

    @Override
    public void cutOff() {
        socket.pause();
        socket.close();
        UnreadPongs.sever(connection); // or it would be read on for as long as the client sends
    }
}
