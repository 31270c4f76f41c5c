package dev.augur.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000000Z",
        "2026-01-02T03:04:00Z, 2026-01-02T03:04:00.000000Z",
        "2026-01-02T03:04:05.999999999Z, 2026-01-02T03:04:05.999999Z",
        "1969-12-31T23:59:59.5Z, 1969-12-31T23:59:59.500000Z"
    })
    void timesSortAsTheyPass(String time, String text) {
        var bytes = new byte[TimeText.BYTES];
        int end = new TimeText().write(Instant.parse(time), bytes, 0);
        assertThat(new String(bytes, 0, end, StandardCharsets.US_ASCII)).isEqualTo(text);
    }
}
