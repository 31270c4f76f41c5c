package dev.augur.logview;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.reading.PagePart.Line;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.RecordFilter;
import dev.augur.predictionlog.reading.WriterRun;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which records of a page may have been shown before: the usual page has none, and so costs no question. */
class ShownBeforeTest {
    private static final Map<String, String> OWNERS = Map.of("writer-1", "one", "writer-2", "two");
    private static final List<Line> PAGE =
            List.of(line("a", "one", "1"), line("b", "two", "2"), line("c", "front", "1"), line("d", "one", "2"));

    @Test
    void thoseThatAnotherNodeThanTheLogsHasMade() {
        assertThat(suspects("writer-1", "writer-2")).containsExactly("c", "d");
    }

    @Test
    void thoseOfALogThatComesOnceAnotherWasRead() {
        assertThat(suspects("writer-2")).containsExactly("c");
    }

    @Test
    void noneOnTheFirstPage() {
        assertThat(suspects()).isEmpty();
        var first = PageQuestion.of(RecordFilter.ALL, 4, /* from= */ null);
        assertThat(new ShownBefore(first, List.of(), OWNERS).suspects(PAGE)).isEmpty();
    }

    @Test
    void noneWhereOneLogIsReadAlone() {
        var page = List.of(line("c", "front", "1"));
        assertThat(before(RecordFilter.ALL, "writer-1").suspects(page)).isEmpty();
    }

    @Test
    void noneOfThoseWithAnOutcome() {
        var filter = new RecordFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                /* replays= */ true,
                Optional.of("1"));
        assertThat(before(filter, "writer-1", "writer-2").suspects(PAGE)).isEmpty();
    }

    private static List<String> suspects(String... read) {
        return before(RecordFilter.ALL, read).suspects(PAGE).stream()
                .map(ShownBefore.Suspect::recordId)
                .toList();
    }

    private static ShownBefore before(RecordFilter filter, String... read) {
        var runs = Stream.of(read).map(writer -> new WriterRun(writer, 0, 9)).toList();
        var question = PageQuestion.of(filter, 4, new PagePlace(List.of(), runs));
        return new ShownBefore(question, List.of(), OWNERS);
    }

    private static Line line(String recordId, String node, String writer) {
        var json = String.format("{\"record_id\":\"%s\",\"node\":\"%s\"}", recordId, node);
        var place = WriterPlace.of(writer + "/1/0/0");
        return new Line(recordId, Instant.EPOCH, place, ByteBuffer.wrap(json.getBytes(UTF_8)));
    }
}
