package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is played before a start and for the archive of classes. */
class RehearsalTest {
    @Test
    void nothingGoesWrongInIt() throws InterruptedException {
        var told = told();
        play(new Rehearsal(Augur.NO_FILES));
        assertThat(told).isEmpty();
    }

    @Test
    void theOneForTheArchiveReadsAFileAndLoadsARealModel() throws InterruptedException {
        var told = told();
        play(Rehearsal.forArchive(Augur.NO_FILES));
        assertThat(told).isEmpty();
    }

    @Test
    void oneThatIsNotNeededEndsWithoutAServer() throws InterruptedException {
        var told = told();
        var rehearsal = new Rehearsal(Augur.NO_FILES);
        rehearsal.begin();
        rehearsal.drop();
        rehearsal.awaitEnd(Rehearsal.LIMIT);
        assertThat(told).isEmpty();
    }

    private static void play(Rehearsal rehearsal) throws InterruptedException {
        rehearsal.begin();
        rehearsal.play();
        rehearsal.awaitEnd(Rehearsal.LIMIT);
    }

    /** Warnings and errors from now on. */
    private static List<ILoggingEvent> told() {
        var logged = new ListAppender<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                    super.append(event);
                }
            }
        };
        logged.list = new CopyOnWriteArrayList<>();
        logged.start();
        ((Logger) LoggerFactory.getLogger("dev.augur")).addAppender(logged);
        return logged.list;
    }
}
