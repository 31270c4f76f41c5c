package dev.augur.predictionlog;

import dev.augur.time.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The logs that have not taken records lately. Each is left out while there is another one: for a second, then twice as
 * long each time. One for all senders of a node, so that not each of them has to wait for it. Thread-safe.
 */
final class SlowLogs {
    private static final Backoff PAUSE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private static final int MOST = 100; // writers of nodes that are gone stay until then

    private final Map<String, Out> out = new ConcurrentHashMap<>();

    private record Out(int failures, long untilNanos) {
        private boolean over() {
            return System.nanoTime() - untilNanos >= 0;
        }
    }

    /** It did not acknowledge, or refused. */
    void failed(String writer) {
        if (out.size() >= MOST) {
            out.clear();
        }
        out.compute(writer, (name, before) -> before != null && !before.over() ? before : next(before));
    }

    private static Out next(@Nullable Out before) {
        int failures = before == null ? 1 : before.failures() + 1;
        return new Out(failures, System.nanoTime() + PAUSE.after(failures).toNanos());
    }

    /** It has acknowledged. */
    void acknowledged(String writer) {
        if (!out.isEmpty()) {
            out.remove(writer);
        }
    }

    /** Whether another one is to be asked, if there is one. */
    boolean leftOut(String writer) {
        var since = out.get(writer);
        return since != null && !since.over();
    }
}
