package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.serving.Headers;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** Lets requests pass whose body has a content type and a content encoding that the route reads. Thread-safe. */
final class BodyContent implements Handler<RoutingContext> {
    private static final String BINARY = "application/octet-stream";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final boolean inference;
    private final boolean form;

    private BodyContent(boolean inference, boolean form) {
        this.inference = inference;
        this.form = form;
    }

    /** JSON as it stands: a JSON content type or none, and no content encoding. */
    static BodyContent json() {
        return new BodyContent(/* inference= */ false, /* form= */ false);
    }

    /** As {@link #json}; also JSON that is said to be a form, as {@code curl -d} says of whatever it sends. */
    static BodyContent jsonOrForm() {
        return new BodyContent(/* inference= */ false, /* form= */ true);
    }

    /** JSON or binary tensors, compressed or not. */
    static BodyContent inference() {
        return new BodyContent(/* inference= */ true, /* form= */ false);
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String type = Headers.single(request.headers(), HttpHeaders.CONTENT_TYPE, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        boolean other = type != null
                && ((inference && type.trim().equalsIgnoreCase(BINARY))
                        || (form && type.trim().equalsIgnoreCase(FORM)));
        if (type != null && !isJson(type) && !other) {
            throw unsupported("content type \"" + type + "\" is not served here, expected application/json"
                    + (inference ? " or " + BINARY : ""));
        }
        String encoding =
                Headers.single(request.headers(), HttpHeaders.CONTENT_ENCODING, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        if (ContentCoding.of(encoding).isPresent() && !inference) {
            throw unsupported("content encoding \"" + encoding + "\" is not served here, expected none");
        }
        String transfer =
                Headers.single(request.headers(), HttpHeaders.TRANSFER_ENCODING, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        if (transfer != null && !transfer.trim().equalsIgnoreCase("chunked")) {
            throw unsupported("transfer encoding \"" + transfer + "\" is not served, expected chunked");
        }
        ctx.next();
    }

    private static boolean isJson(String type) {
        int parameters = type.indexOf(';');
        String media =
                (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
        String charset = parameters < 0
                ? ""
                : type.substring(parameters)
                        .toLowerCase(Locale.ROOT)
                        .replace("\"", "")
                        .replace(" ", "");
        if (charset.contains("charset=") && !charset.contains("charset=utf-8")) {
            return false;
        }
        return media.isEmpty()
                || media.equals("application/json")
                || (media.startsWith("application/") && media.endsWith("+json"));
    }

    private static ServingException unsupported(String message) {
        return new ServingException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message);
    }
}
