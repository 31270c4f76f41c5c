package dev.augur.predictionlog.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecentIdsTest {
    private final RecentIds recent = new RecentIds();

    @Test
    void knowsWhatItWasTold() {
        var ids = Stream.of(
                        "a",
                        "",
                        "00000000-0000-0000-0000-000000000000",
                        "123e4567-e89b-42d3-a456-426614174000",
                        "x".repeat(100_000))
                .toList();
        for (String id : ids) {
            assertThat(knows(id)).as(id).isFalse();
            recent.add(RecordKey.of(id));
            assertThat(knows(id)).as(id).isTrue();
        }
        assertThat(ids).allMatch(this::knows);
    }

    @Test
    void idsThatAreWrittenOtherwiseAreOthers() {
        recent.addAll(List.of(RecordKey.of("123e4567-e89b-42d3-a456-426614174abc"), RecordKey.of("1-1-1-1-1")));
        assertThat(Stream.of(
                        "123E4567-E89B-42D3-A456-426614174ABC",
                        "\uff1123e4567-e89b-42d3-a456-426614174abc",
                        "123e4567-e89b-42d3-a456-426614174abd",
                        "123e4567-e89b-42d3-a456-426614174ab",
                        "123e4567-e89b-42d3-a456-426614174abc ",
                        "00000001-0001-0001-0001-000000000001"))
                .noneMatch(this::knows);
    }

    @Test
    void forgetsTheOldestAndKeepsTheLast() {
        var ids = IntStream.range(0, 3 * RecentIds.GENERATION)
                .mapToObj(i -> new UUID(i + 1L, i * 31L + 1).toString())
                .toList();
        for (String id : ids) {
            recent.add(RecordKey.of(id));
            recent.add(RecordKey.of(id)); // again: it takes no second place
        }
        assertThat(ids.subList(2 * RecentIds.GENERATION, ids.size())).allMatch(this::knows);
        assertThat(ids.subList(0, RecentIds.GENERATION)).noneMatch(this::knows);
    }

    private boolean knows(String id) {
        return recent.contains(RecordKey.of(id));
    }
}
