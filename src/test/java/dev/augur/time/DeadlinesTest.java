package dev.augur.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is failed, and in which order. */
class DeadlinesTest {
    private static final ServingException LATE = new ServingException(ErrorCode.DEADLINE_EXCEEDED, "late");
    private static final ServingException STOP = new ServingException(ErrorCode.NOT_READY, "stopping");

    private final List<String> failed = new ArrayList<>();

    @Test
    void failsWhoseTimeHasPassedTheOldestFirst() {
        var deadlines = deadlines(Duration.ZERO);
        deadlines.begin("a");
        deadlines.begin("b");
        deadlines.sweep();
        deadlines.sweep();
        assertThat(failed).containsExactly("a late", "b late");
    }

    @Test
    void leavesWhoHasTimeOrIsDone() {
        var deadlines = deadlines(Duration.ofHours(1));
        deadlines.begin("has time");
        deadlines.sweep();
        assertThat(failed).isEmpty();

        var waits = deadlines(Duration.ZERO);
        var first = waits.begin("first");
        var middle = waits.begin("middle");
        var last = waits.begin("last");
        middle.end();
        middle.end();
        first.end();
        last.end();
        waits.begin("one more");
        waits.sweep();
        assertThat(failed).containsExactly("one more late");
    }

    @Test
    void failsAllWhateverTheirTime() {
        var deadlines = deadlines(Duration.ofHours(1));
        deadlines.begin("a");
        deadlines.begin("b").end();
        deadlines.begin("c");
        deadlines.failAll(STOP);
        deadlines.failAll(STOP);
        assertThat(failed).containsExactly("a stopping", "c stopping");
    }

    @Test
    void oneThatFailsMayEndAnother() {
        var waits = new ArrayList<Deadlines<String>.Wait>();
        var deadlines = new Deadlines<String>(Duration.ZERO, LATE, (request, failure) -> {
            failed.add(request);
            waits.forEach(Deadlines.Wait::end);
        });
        waits.add(deadlines.begin("a"));
        waits.add(deadlines.begin("b"));
        deadlines.sweep();
        assertThat(failed).containsExactly("a");
    }

    private Deadlines<String> deadlines(Duration time) {
        return new Deadlines<>(time, LATE, (request, failure) -> failed.add(request + " " + failure.getMessage()));
    }
}
