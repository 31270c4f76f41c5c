package dev.augur.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that two writers have. */
class EachRecordOnceTest {
    private final List<Promise<Void>> handled = new ArrayList<>();
    private final EachRecordOnce once = new EachRecordOnce(record -> {
        Promise<Void> over = Promise.promise();
        handled.add(over);
        return over.future();
    });

    private static JsonObject record(String id, String writer) {
        return new JsonObject().put("record_id", id).put("writer_id", writer);
    }

    @Test
    void theSecondWritersRecordWaitsForTheFirsts() {
        var first = once.apply(record("a", "one"));
        var second = once.apply(record("a", "two"));
        var other = once.apply(record("b", "two"));
        assertThat(handled).hasSize(2);
        assertThat(second.isComplete()).isFalse();
        handled.get(0).complete();
        assertThat(first.succeeded()).isTrue();
        assertThat(second.succeeded()).isTrue();
        assertThat(once.apply(record("a", "three")).succeeded()).isTrue();
        assertThat(other.isComplete()).isFalse();
        assertThat(handled).hasSize(2);
    }

    @Test
    void oneThatFailedIsHandedOverAgain() {
        var first = once.apply(record("a", "one"));
        var second = once.apply(record("a", "two"));
        handled.get(0).fail("the disk is full");
        assertThat(first.failed()).isTrue();
        assertThat(second.isComplete()).isFalse();
        handled.get(1).complete();
        assertThat(second.succeeded()).isTrue();
    }

    @Test
    void onlyTheNewestAreKnown() {
        var count = new int[1];
        var all = new EachRecordOnce(record -> {
            count[0]++;
            return Future.succeededFuture();
        });
        for (int i = 0; i <= EachRecordOnce.WINDOW; i++) {
            all.apply(record("record-" + i, "one"));
        }
        all.apply(record("record-" + EachRecordOnce.WINDOW, "two"));
        assertThat(count[0]).isEqualTo(EachRecordOnce.WINDOW + 1);
        all.apply(record("record-0", "two"));
        assertThat(count[0]).isEqualTo(EachRecordOnce.WINDOW + 2);
    }
}
