package dev.augur.tracing;

import dev.augur.timeline.Timelines;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.shareddata.Shareable;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The traces of a Vert.x, sent by OTLP over HTTP and set up by OpenTelemetry's own variables ({@code OTEL_…}). What the
 * collector does not take in time is dropped by the library's bounded queue. Thread-safe.
 */
public final class Tracing implements Shareable {
    private static final String MAP = Tracing.class.getName();
    private static final long CLOSE_SECONDS = 5;
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "augur",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private final OpenTelemetrySdk sdk;

    private Tracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /**
     * Makes ready to send.
     *
     * @param version of Augur
     * @param properties of OpenTelemetry, for those that no variable sets
     * @throws RuntimeException when one of the variables cannot be understood; the text names it
     */
    public static Tracing start(String version, Map<String, String> properties) {
        var defaults = new HashMap<>(DEFAULTS);
        defaults.put("otel.resource.attributes", "service.version=" + version);
        defaults.putAll(properties);
        return new Tracing(AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> defaults)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk());
    }

    /** The same builder, of a Vert.x that traces. */
    public VertxBuilder into(VertxBuilder builder) {
        return builder.withTracer(new OpenTelemetryTracingFactory(sdk));
    }

    /** That Vert.x, which {@link #of} finds this in. */
    public Vertx into(Vertx vertx) {
        vertx.sharedData().<String, Tracing>getLocalMap(MAP).put(MAP, this);
        return vertx;
    }

    /** The one of that Vert.x; empty where nothing is traced. */
    public static Optional<Tracing> of(Vertx vertx) {
        return Optional.ofNullable(
                vertx.sharedData().<String, Tracing>getLocalMap(MAP).get(MAP));
    }

    /** The stages of predictions become spans below that of their request. */
    public Timelines.Watcher stages() {
        return new StageSpans(sdk.getTracer("dev.augur"));
    }

    /** Calls the span of the request that is being handled by its route. */
    public void routed(String method, String route) {
        Span.current().updateName(method + " " + route).setAttribute(ROUTE, route);
    }

    /** Sends what has not been sent. Blocks, five seconds at most. */
    public void close() {
        sdk.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
