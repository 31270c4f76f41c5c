package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Times as operators write them. */
class GivenTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void withoutAZoneIsOneOfTheMachineAndThatIsSaid() {
        var winter = GivenTime.of("2026-01-01T10:00", BERLIN);
        assertThat(winter.instant()).isEqualTo(Instant.parse("2026-01-01T09:00:00Z"));
        assertThat(winter.note())
                .contains("2026-01-01T10:00 is taken as 2026-01-01T10:00+01:00, by this machine's zone, Europe/Berlin");
        assertThat(GivenTime.of("2026-07-01T10:00:30", BERLIN).instant())
                .isEqualTo(Instant.parse("2026-07-01T08:00:30Z"));
    }

    @Test
    void withAZoneIsTakenAsItIs() {
        var time = GivenTime.of("2026-01-01T10:00-05:00", BERLIN);
        assertThat(time.instant()).isEqualTo(Instant.parse("2026-01-01T15:00:00Z"));
        assertThat(time.note()).isEmpty();
    }

    @Test
    void anythingElseIsRefusedWithAnExample() {
        assertThatThrownBy(() -> new GivenTime.Converter().convert("yesterday"))
                .hasMessage("expected a time such as 2026-01-31T12:00:00Z, found \"yesterday\"");
    }
}
