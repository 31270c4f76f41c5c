package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupRoomsTest {
    private final GroupRooms rooms = new GroupRooms();

    @Test
    void givesOutNoneTwice() {
        var given = Collections.<byte[]>newSetFromMap(new IdentityHashMap<>());
        IntStream.range(0, 10).forEach(i -> assertThat(given.add(rooms.take())).isTrue());
    }

    @Test
    void givesOutTheOneUsedLast() throws Exception {
        byte[] first = rooms.take();
        byte[] last = rooms.take();
        give(first);
        give(last);
        assertThat(rooms.take()).isSameAs(last);
        assertThat(rooms.take()).isSameAs(first);
    }

    @Test
    void keepsFew() throws Exception {
        var kept = Collections.<byte[]>newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 100; i++) {
            kept.add(new byte[10_000 + i]);
        }
        for (byte[] used : kept) {
            give(used);
        }
        assertThat(IntStream.range(0, 100).filter(i -> kept.contains(rooms.take())))
                .hasSize(4);
    }

    @Test
    void keepsNoneThatALargeRecordHasMade() throws Exception {
        byte[] large = new byte[1 << 20];
        give(large);
        assertThat(rooms.take()).hasSizeLessThan(10_000);
    }

    private void give(byte[] used) throws UnwritableRecordException {
        var group = new RecordGroup(used);
        group.add(record("r"), new RecordJson());
        assertThat(group.json()).isSameAs(used);
        rooms.give(group);
    }
}
