package dev.augur.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;

/**
 * Ends a connection of HTTP/2 whose client does little but send SETTINGS and PING, each of which has to be answered;
 * those that carry requests send a few. Resets and parts of headers without end are netty's to count. Confined to one
 * event loop.
 */
final class ControlFrames {
    private static final int MAX_FRAMES = 1_000;
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

    private final Runnable end;
    private long beganNanos = System.nanoTime();
    private int frames;

    private ControlFrames(Runnable end) {
        this.end = end;
    }

    /**
     * Counts those of a connection.
     *
     * @param end called when there are too many
     */
    static void watch(HttpConnection connection, Runnable end) {
        if (connection.getWindowSize() >= 0) { // HTTP/1.1 has none
            var watch = new ControlFrames(end);
            connection.remoteSettingsHandler(settings -> watch.count()).pingHandler(ping -> watch.count());
        }
    }

    private void count() {
        long now = System.nanoTime();
        if (now - beganNanos > WINDOW_NANOS) {
            beganNanos = now;
            frames = 0;
        }
        if (++frames == MAX_FRAMES) {
            end.run();
        }
    }
}
