package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.Shown;
import dev.augur.logging.AccessLines;
import dev.augur.logging.Field;
import dev.augur.metrics.Meters;
import dev.augur.request.Headers;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The access log: a line for one of so many requests, and for each that ended with an error of the server. Confined to
 * one event loop.
 */
final class AccessLog {
    private static final int SHOWN_CHARS = 500;
    private static final int SERVER_ERROR = 500;
    private static final double MICROS = 1e3;

    private final AccessLines lines = AccessLines.open();
    private final int every;
    private final Proxies proxies;
    private final Meters meters;
    private int untold;

    /**
     * Of one port.
     *
     * @param every 1 tells each request, 100 one of a hundred
     * @param proxies who tell whom they ask for
     */
    AccessLog(int every, Proxies proxies, Meters meters) {
        this.every = every;
        this.proxies = proxies;
        this.meters = meters;
    }

    /** One has ended. */
    void ended(RoutingContext ctx, int status) {
        untold++;
        if (untold < every && status < SERVER_ERROR) {
            return;
        }
        untold = untold >= every ? 0 : untold;
        var request = ctx.request();
        String path = Shown.beginning(String.valueOf(request.path()), SHOWN_CHARS);
        if (!lines.write(request.method() + " " + path + " " + status, fields(ctx, status))) {
            meters.access().lineLost();
        }
    }

    private List<Field> fields(RoutingContext ctx, int status) {
        var exchange = Exchange.of(ctx);
        var headers = ctx.request().headers();
        var parent = Headers.traceParent(headers);
        var fields = new ArrayList<Field>();
        fields.add(new Field("route", exchange.route()));
        fields.add(new Field("model", ctx.pathParam("model")));
        fields.add(new Field("pipeline", ctx.pathParam("pipeline")));
        fields.add(new Field("status", status));
        fields.add(new Field("error", text(exchange.error())));
        fields.add(new Field("request_id", exchange.requestId()));
        fields.add(new Field("trace_id", parent == null ? null : parent.traceId()));
        fields.add(new Field("principal", exchange.principal()));
        fields.add(new Field("client", proxies.client(ctx.request())));
        fields.add(new Field("request_bytes", ctx.request().bytesRead()));
        fields.add(new Field("response_bytes", ctx.response().bytesWritten()));
        fields.add(new Field("duration_ms", millis(exchange.nanos() / (long) MICROS)));
        var timeline = exchange.timeline();
        if (timeline != null) {
            addStages(fields, timeline);
        }
        return fields;
    }

    private static void addStages(List<Field> fields, Timeline timeline) {
        for (Stage stage : Stage.ALL) {
            long micros = timeline.micros(stage);
            if (micros >= 0) {
                fields.add(new Field(stage.text() + "_ms", millis(micros)));
            }
        }
    }

    private static double millis(long micros) {
        return micros / MICROS;
    }

    private static @Nullable String text(@Nullable ErrorCode code) {
        return code == null ? null : code.name().toLowerCase(Locale.ROOT);
    }
}
