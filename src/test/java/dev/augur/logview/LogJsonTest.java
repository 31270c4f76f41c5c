package dev.augur.logview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.RecordFilter;
import dev.augur.predictionlog.reading.WriterRun;
import dev.augur.testkit.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What nodes ask each other's logs: an older node that does not know a filter would answer with what was not asked. */
class LogJsonTest {
    private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aQuestionIsAskedAsNodesOfThisVersionHaveAlwaysAskedIt() throws Exception {
        var question = new PageQuestion(
                new RecordFilter(
                        Optional.of("iris"),
                        Optional.of("43"),
                        Optional.of("/predict"),
                        Optional.of("OK"),
                        Optional.of(DAY),
                        Optional.of(DAY.plusSeconds(86_400)),
                        /* replays= */ false,
                        Optional.of("1.50")),
                7,
                1_000,
                Optional.empty(),
                Set.of("writer-1"));
        var before = Wire.json("log-question-1.json");

        assertThat(LogJson.of(question)).as(Wire.WHAT_TO_DO).isEqualTo(before);
        assertThat(LogJson.question(before)).isEqualTo(question);
    }

    @Test
    void whatPagesHavePassedIsAskedAsNodesOfThisVersionHaveAlwaysAskedIt() throws Exception {
        var from = new PagePlace(
                List.of(WriterPlace.of("1/a/2s/0")),
                List.of(new WriterRun("writer-1", 90, 120), new WriterRun("writer-2", 0, 7)));
        var before = Wire.json("log-passed-1.json");

        assertThat(LogJson.of(from, Set.of("r"))).as(Wire.WHAT_TO_DO).isEqualTo(before);
        assertThat(LogJson.from(before)).isEqualTo(from);
        assertThat(LogJson.ids(before)).containsExactly("r");
    }

    @Test
    void anOutcomeIsToldAsNodesOfThisVersionHaveAlwaysToldIt() throws Exception {
        var before = Wire.json("outcome-1.json");

        OutcomeRecord outcome = LogJson.outcome(before);
        assertThat(outcome.predictionId()).isEqualTo("p");
        assertThat(outcome.receivedAt()).isEqualTo(DAY);
        assertThat(LogJson.of(outcome)).as(Wire.WHAT_TO_DO).isEqualTo(before);
    }
}
