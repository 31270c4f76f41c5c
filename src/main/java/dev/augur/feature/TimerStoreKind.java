package dev.augur.feature;

import dev.augur.setting.Section;
import java.time.Duration;

/** The kind {@code timer}: the same features for every entity, after a while. Thread-safe. */
public final class TimerStoreKind implements FeatureStoreKind {
    private static final Duration DELAY = Duration.ofMillis(500);
    private static final Section.Range<Duration> DELAYS = new Section.Range<>(Duration.ZERO, Duration.ofMinutes(1));

    @Override
    public String name() {
        return "timer";
    }

    @Override
    public Opening read(Section settings) {
        var delay = settings.duration("delay", DELAY, DELAYS);
        var values = settings.values("values");
        return (vertx, workers) -> new TimerFeatureStore(vertx, delay, values);
    }
}
