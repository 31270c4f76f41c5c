package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** Lets requests pass whose body is JSON as it stands: a JSON content type or none, and no content encoding. Thread-safe. */
final class JsonContent implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && !isJson(type)) {
            throw unsupported("content type \"" + type + "\" is not served here, expected application/json");
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("content encoding \"" + encoding + "\" is not served, expected none");
        }
        ctx.next();
    }

    private static boolean isJson(String type) {
        int parameters = type.indexOf(';');
        String media =
                (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
        return media.isEmpty()
                || media.equals("application/json")
                || (media.startsWith("application/") && media.endsWith("+json"));
    }

    private static ServingException unsupported(String message) {
        return new ServingException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message);
    }
}
