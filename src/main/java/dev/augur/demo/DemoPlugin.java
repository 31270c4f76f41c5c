package dev.augur.demo;

import dev.augur.http.RoutePlugin;
import dev.augur.http.RouteSource;
import dev.augur.setting.Section;
import dev.augur.setting.Section.Range;
import java.time.Duration;

/** Has the tutorial served, with the settings of {@code demo}. Used by the thread that reads the configuration. */
public final class DemoPlugin implements RoutePlugin {
    private static final Range<Duration> DELAYS = new Range<>(Duration.ZERO, Duration.ofMinutes(1));
    private static final Range<Integer> THREADS = new Range<>(1, 1_024);
    private static final Range<Integer> WAITING = new Range<>(0, 1_000_000);

    @Override
    public String section() {
        return "demo";
    }

    @Override
    public RouteSource read(Section settings) {
        return new DemoConfig(
                settings.duration("fetch-delay", Duration.ofMillis(500), DELAYS),
                settings.duration("prediction-delay", Duration.ofSeconds(1), DELAYS),
                settings.duration("log-delay", Duration.ofMillis(200), DELAYS),
                settings.integer("workers", 40, THREADS),
                settings.integer("queue", 1_000, WAITING));
    }
}
