package dev.augur.predictionlog.sink;

import static dev.augur.predictionlog.sink.FollowedLedger.LARGE;
import static dev.augur.predictionlog.sink.FollowedLedger.SMALL;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.LedgerConfig;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class SinkFollowerTest {
    private Vertx vertx;
    private final RecordingSink sink = new RecordingSink();

    @TempDir
    Path directory;

    private FollowedLedger followed;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void close() throws Exception {
        followed.close();
    }

    @Test
    void handsOverEverythingInOrder() throws Exception {
        open(SMALL);
        followed.append(1, 1_000, "");
        followed.untilTaken();
        followed.append("a");
        followed.append("b");
        followed.untilTaken();
        assertThat(sink.taken().subList(0, 1_000)).isEqualTo(ids(1, 1_000));
        assertThat(sink.taken().subList(1_000, 1_002)).containsExactly("a", "b");
        assertThat(sink.sizes()).allMatch(size -> size <= 500);
        assertThat(followed.progress().records()).isEqualTo(1_002);
        assertThat(followed.progress().batches()).isEqualTo(sink.sizes().size());
        assertThat(followed.progress().lagSeconds()).isZero();
    }

    @Test
    void triesTheSameAgainUntilItIsTaken() throws Exception {
        open(LARGE);
        sink.fails(true);
        followed.append("a", "b");
        eventually(() -> sink.asked() > 3);
        followed.append("c");
        assertThat(followed.progress().lagRecords()).isEqualTo(3);
        assertThat(followed.progress().lagSeconds()).isPositive();
        assertThat(followed.progress().failures()).isPositive();

        sink.fails(false);

        followed.untilTaken();
        assertThat(sink.taken()).containsExactly("a", "b", "c");
    }

    @Test
    void goesOnAfterARestartWhereItWas() throws Exception {
        open(SMALL);
        followed.append("a", "b");
        followed.untilTaken();
        sink.fails(true);
        followed.append(1, 300, "");
        eventually(() -> followed.progress().failures() > 0);
        followed.close();
        sink.fails(false);

        open(SMALL);

        followed.untilTaken();
        assertThat(sink.taken()).startsWith("a", "b", "r1").hasSize(302).doesNotHaveDuplicates();
    }

    @Test
    void deliversAgainWhatTheCursorDoesNotSay() throws Exception {
        open(LARGE);
        followed.append("a");
        followed.untilTaken();
        var before = Files.readAllBytes(followed.cursorFile());
        followed.append("b");
        followed.untilTaken();
        followed.close();
        Files.write(followed.cursorFile(), before); // as if killed between the write and the cursor

        open(LARGE);

        followed.untilTaken();
        assertThat(sink.taken()).containsExactly("a", "b", "b");
    }

    @Test
    void beginsAnewWhereTheCursorIsLost() throws Exception {
        open(LARGE);
        followed.append("a", "b");
        followed.untilTaken();
        followed.close();
        Files.writeString(followed.cursorFile(), "");

        open(LARGE);

        followed.untilTaken();
        assertThat(sink.taken()).containsExactly("a", "b", "a", "b");
    }

    @Test
    void missesNothingThatComesInPlaceOfLostLines() throws Exception {
        open(LARGE);
        followed.append("a");
        followed.close();
        var head = Files.readAllBytes(writer().resolve("head.json"));
        open(LARGE);
        followed.append("b");
        followed.untilTaken();
        followed.close();
        cutOffTheLastLine();
        Files.write(writer().resolve("head.json"), head);

        open(LARGE);
        followed.append("c"); // gets the seq of b

        followed.untilTaken();
        assertThat(sink.taken()).containsExactly("a", "b", "c");
    }

    @Test
    void keepsRetentionBehindItself() throws Exception {
        open(SMALL);
        sink.fails(true);
        followed.append(1, 500, "x".repeat(200));
        followed.append(501, 1_000, "x".repeat(200));
        eventually(() -> followed.progress().failures() > 0);
        assertThat(followed.removeOld()).isEmpty();
        followed.close();
        sink.fails(false);

        open(SMALL);
        followed.untilTaken();

        assertThat(sink.taken()).isEqualTo(ids(1, 1_000));
        assertThat(followed.removeOld()).isNotEmpty();
        followed.append("last");
        followed.untilTaken();
        assertThat(sink.taken()).endsWith("last").hasSize(1_002); // and the line that says what was removed
    }

    @Test
    void goesOnWhereItsCursorCannotBeSaved() throws Exception {
        open(LARGE);
        Files.createDirectories(followed.cursorFile().resolve("in the way"));

        followed.append("a");
        eventually(() -> followed.progress().failures() == 1);
        followed.append("b");
        eventually(() -> sink.taken().equals(List.of("a", "b")));

        assertThat(followed.progress().takenSeq()).isEqualTo(2);
    }

    private void open(LedgerConfig config) throws Exception {
        followed = FollowedLedger.open(vertx, directory, config, sink);
    }

    /** As a machine may that loses its power. */
    private void cutOffTheLastLine() throws Exception {
        var segment = writer().resolve("00000000000000000001.ndjson");
        var lines = Files.readAllLines(segment);
        Files.writeString(segment, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
    }

    private Path writer() {
        return directory.resolve(followed.ledger().writer());
    }

    private static List<String> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "r" + i).toList();
    }
}
