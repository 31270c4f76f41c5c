package dev.augur.predictionlog.sink;

import dev.augur.setting.Section;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * One kind of sink: reads its settings, and opens it later. Found by {@link java.util.ServiceLoader}, so a line in
 * {@code META-INF/services} is all that a server knows of it. Thread-safe.
 */
public interface SinkKind {
    /**
     * Its name, which is the sink's, too: its section of the configuration is {@code prediction-log.<name>}. Lower-case
     * letters and digits.
     */
    String name();

    /**
     * Reads the settings of the sink, before there is a Vert.x, also of one that is not enabled, so that its faults are
     * told. What is returned is used only if the sink is enabled ({@code prediction-log.<name>.enabled}) and no problem
     * was reported.
     */
    Opening<?> read(Section settings);

    /**
     * A sink that is configured but not open yet. Thread-safe.
     *
     * @param limits of its batches
     * @param sink opens it, on the event loop; what it needs need not be there yet: until it is, batches fail and come
     *     again
     */
    record Opening<B>(SinkLimits limits, Function<Vertx, Sink<B>> sink) {}
}
