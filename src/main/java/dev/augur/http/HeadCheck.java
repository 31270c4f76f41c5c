package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.HttpStatus;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Refuses heads of requests that the decoder lets pass and that nobody should answer: of another version of HTTP, with
 * a header that two readers could take for different things, larger than HTTP/1.1 would have them, or with a target
 * that cannot be decoded. What it lets pass can be sent on to another node over HTTP/1.1. Thread-safe.
 */
final class HeadCheck implements Handler<RoutingContext> {
    static final int HEADERS_TOO_LARGE = 431;
    static final int LINE_TOO_LONG = 414;

    /** What HTTP/2 counts for each header beside its name and value. */
    private static final int HEADER_BYTES = 32;

    /** What a line of HTTP/1.1 has beside its method and its target. */
    private static final int LINE_BYTES = "  HTTP/1.1".length();

    private static final int HEX = 16;
    private static final int DELETE = 0x7f;
    private static final int ASCII = 0x80;

    private final HttpConfig.Heads limits;
    private final Handler<RoutingContext> recorder;

    /**
     * A check.
     *
     * @param recorder begins the record of a request whose target cannot be decoded, as no route will see it
     */
    HeadCheck(HttpConfig.Heads limits, Handler<RoutingContext> recorder) {
        this.limits = limits;
        this.recorder = recorder;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        if (request.version() != HttpVersion.HTTP_2) {
            requireHeaders(request);
        } else if (lineBytes(request) > limits.lineBytes()) {
            refuse(ctx, LINE_TOO_LONG, limits.lineTooLong());
            return;
        } else if (bytes(request.headers()) > limits.headerBytes()) {
            refuse(ctx, HEADERS_TOO_LARGE, limits.headersTooLarge());
            return;
        }
        requireTarget(ctx);
        if (request.uri().indexOf('%') >= 0) {
            requireDecodable(ctx);
        }
        ctx.next();
    }

    private static void refuse(RoutingContext ctx, int status, String reason) {
        ctx.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        LastAnswer.send(
                ctx, HttpStatus.body(FailureHandler.isProtocol(ctx.request().path()), invalid(reason)));
    }

    private static int lineBytes(HttpServerRequest request) {
        return request.method().name().length() + request.uri().length() + LINE_BYTES;
    }

    /** The decoder of HTTP/2 ends the connection without a word, so its limit is the double and this one answers. */
    private static long bytes(MultiMap headers) {
        long bytes = 0;
        for (var header : headers) {
            bytes += header.getKey().length() + header.getValue().length() + HEADER_BYTES;
        }
        return bytes;
    }

    private static void requireHeaders(HttpServerRequest request) {
        if (request.version() == null) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            throw invalid("this version of HTTP is not served, expected HTTP/1.0, HTTP/1.1 or HTTP/2");
        }
        var headers = request.headers();
        var hosts = headers.getAll(HttpHeaders.HOST);
        if (hosts.size() > 1) {
            throw invalid("the header Host is given " + hosts.size() + " times");
        }
        if (request.version() == HttpVersion.HTTP_1_1
                && (hosts.isEmpty() || hosts.get(0).isBlank())) {
            throw invalid("the header Host is missing or empty");
        }
        if (headers.contains("")) {
            throw invalid("a header has no name");
        }
    }

    /** HTTP/2 brings any character in a target, with some of which a line of HTTP/1.1 would be another one. */
    private void requireTarget(RoutingContext ctx) {
        String target = ctx.request().uri();
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == DELETE) {
                recorder.handle(ctx);
                String escaped = String.format("%%%02X", (int) c);
                throw invalid(
                        String.format("the target has U+%04X at position %d, expected %s there", (int) c, i, escaped));
            }
        }
    }

    /** The router decodes paths and queries later, and takes a fault in them for one of its own. */
    private void requireDecodable(RoutingContext ctx) {
        String path = ctx.request().path();
        String query = ctx.request().query();
        boolean pathDecodes = path == null || decodes(path);
        if (!pathDecodes || (query != null && !decodes(query))) {
            recorder.handle(ctx);
            throw invalid("the " + (pathDecodes ? "query" : "path") + " is not UTF-8 in valid percent-encoding");
        }
    }

    private static boolean decodes(String text) {
        byte[] escaped = new byte[text.length()];
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), HEX) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), HEX);
                if (low < 0) {
                    return false;
                }
                escaped[bytes++] = (byte) (high * HEX + low);
                i += 2;
            } else if (c < ASCII) {
                escaped[bytes++] = (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(escaped, 0, bytes))
                            .remaining()
                    >= 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static ServingException invalid(String message) {
        return new ServingException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
