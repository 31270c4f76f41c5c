package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.Headers;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets requests pass whose body has a content type and a content encoding that the route reads. JSON is the same on
 * every route: no content type, {@code application/json}, {@code text/json}, any {@code +json}, and that of forms,
 * which {@code curl -d} gives to whatever it sends; in UTF-8 or ASCII, however those are spelled. Thread-safe.
 */
final class BodyContent implements Handler<RoutingContext> {
    private static final String BINARY = "application/octet-stream";
    private static final Set<String> JSON =
            Set.of("", "application/json", "text/json", "application/x-www-form-urlencoded");
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*[\"']?([^\"';\\s]*)", Pattern.CASE_INSENSITIVE);

    private final boolean binary;
    private final boolean any;

    private BodyContent(boolean binary, boolean any) {
        this.binary = binary;
        this.any = any;
    }

    /** JSON as it stands: no content encoding. */
    static BodyContent json() {
        return new BodyContent(/* binary= */ false, /* any= */ false);
    }

    /**
     * As {@link #json}, whatever the content type says: clients of such routes send one without a body to go with it.
     */
    static BodyContent jsonOfAnyType() {
        return new BodyContent(/* binary= */ false, /* any= */ true);
    }

    /** JSON or binary tensors, compressed or not. */
    static BodyContent inference() {
        return new BodyContent(/* binary= */ true, /* any= */ false);
    }

    @Override
    public void handle(RoutingContext ctx) {
        var headers = ctx.request().headers();
        String type = Headers.single(headers, HttpHeaders.CONTENT_TYPE, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        if (type != null && !any && !holdsTensors(type, headers)) {
            requireJson(type);
        }
        String encoding = Headers.single(headers, HttpHeaders.CONTENT_ENCODING, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        if (ContentCoding.of(encoding).isPresent() && !binary) {
            throw unsupported("content encoding \"" + encoding + "\" is not served here, expected none");
        }
        String transfer = Headers.single(headers, HttpHeaders.TRANSFER_ENCODING, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        if (transfer != null && !transfer.trim().equalsIgnoreCase("chunked")) {
            throw unsupported("transfer encoding \"" + transfer + "\" is not served, expected chunked");
        }
        ctx.next();
    }

    /** A body with binary tensors is known by its own header; some clients call it JSON, others what they like. */
    private boolean holdsTensors(String type, MultiMap headers) {
        return binary
                && (headers.contains(HeaderNames.JSON_LENGTH) || media(type).equals(BINARY));
    }

    private void requireJson(String type) {
        String media = media(type);
        if (!JSON.contains(media) && !media.endsWith("+json")) {
            throw unsupported("content type \"" + type + "\" is not served here, expected application/json"
                    + (binary ? " or " + BINARY : ""));
        }
        if (type.indexOf(';') < 0) {
            return;
        }
        var charset = CHARSET.matcher(type);
        if (charset.find() && !readable(charset.group(1))) {
            throw unsupported("charset \"" + charset.group(1) + "\" is not served here, expected utf-8 or us-ascii");
        }
    }

    private static String media(String type) {
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
    }

    /** Whether bytes of this charset are UTF-8. The JDK knows every name that the two have. */
    private static boolean readable(String name) {
        try {
            var charset = Charset.forName(name);
            return charset.equals(StandardCharsets.UTF_8) || charset.equals(StandardCharsets.US_ASCII);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return false;
        }
    }

    private static ServingException unsupported(String message) {
        return new ServingException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message);
    }
}
