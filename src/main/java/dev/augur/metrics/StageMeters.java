package dev.augur.metrics;

import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code augur_stage_duration_seconds}: the stages of requests for predictions, by stage and outcome. Thread-safe. */
final class StageMeters {
    private final List<ByOutcome> stages;

    /** Of one stage. */
    private record ByOutcome(Timer success, Timer clientError, Timer serverError) {
        Timer of(Outcome outcome) {
            return switch (outcome) {
                case SUCCESS -> success;
                case CLIENT_ERROR -> clientError;
                case SERVER_ERROR -> serverError;
            };
        }
    }

    StageMeters(MeterRegistry registry) {
        stages = Stage.ALL.stream()
                .map(stage -> new ByOutcome(
                        timer(registry, stage, Outcome.SUCCESS),
                        timer(registry, stage, Outcome.CLIENT_ERROR),
                        timer(registry, stage, Outcome.SERVER_ERROR)))
                .toList();
    }

    /** A request has ended, which went through these. */
    void ended(Timeline timeline, int status) {
        var outcome = Outcome.of(status);
        for (Stage stage : Stage.ALL) {
            long micros = timeline.micros(stage);
            if (micros >= 0) {
                stages.get(stage.place()).of(outcome).record(micros, TimeUnit.MICROSECONDS);
            }
        }
    }

    private static Timer timer(MeterRegistry registry, Stage stage, Outcome outcome) {
        return Timer.builder("augur.stage.duration")
                .description("Time that requests for predictions spent in a stage before their answer was out")
                .tags("stage", stage.text(), "outcome", outcome.text())
                .serviceLevelObjectives(Buckets.times())
                .register(registry);
    }
}
