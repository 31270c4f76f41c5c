package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.Ledger;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Lines of other nodes until their senders confirm that they know of them. */
@ExtendWith(VertxExtension.class)
class UnconfirmedTest {
    private Vertx vertx;
    private Ledger ledger;
    private Unconfirmed unconfirmed;

    @TempDir
    Path directory;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        RecordGroup.register(vertx);
        open(/* wanted= */ true);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    @Test
    void linesAreSettledInOrderOnceTheirSendersConfirm() throws Exception {
        store(List.of(group("own")));
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        store(List.of(from("a-1", "r1"), group("own too")));
        store(List.of(from("b-1", "r2")));
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        confirm("b-1", "c-1");
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        confirm("a-1");
        assertThat(unconfirmed.settledSeq()).isEqualTo(4);
        assertThat(inDoubt()).isEmpty();
    }

    @Test
    void whatIsNotConfirmedInTimeIsInDoubt() throws Exception {
        store(List.of(from("a-1", "r1"), from("a-2", "r2")));
        store(List.of(group("own")));
        confirm("a-1");
        assertThat(unconfirmed.giveUp()).isFalse();
        eventually(unconfirmed::giveUp);
        assertThat(unconfirmed.settledSeq()).isEqualTo(3);
        assertThat(inDoubt()).containsExactly(1L, 2L);
        confirm("a-2"); // too late
        assertThat(inDoubt()).containsExactly(1L, 2L);
    }

    @Test
    void whatWasSentToAnotherLogBeforeIsInDoubtAtOnce() throws Exception {
        store(List.of(message(headers("a-1").addHeader(GroupReceipt.ANOTHER, "true"), "r1")));
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        assertThat(inDoubt()).containsExactly(1L);
    }

    @Test
    void aGroupThatComesAgainIsConfirmedOnce() throws Exception {
        store(List.of(from("a-1", "r1")));
        store(List.of(from("a-1", "r1")));
        confirm("a-1");
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        assertThat(inDoubt()).isEmpty();
    }

    @Test
    void nothingIsSettledThatIsBeingStored() throws Exception {
        store(List.of(group("own")));
        unconfirmed.hold(List.of(from("a-1", "r1")));
        append(List.of(from("a-1", "r1")));
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        unconfirmed.release(List.of(from("a-1", "r1")));
        assertThat(unconfirmed.settledSeq()).isEqualTo(1);
        confirm("a-1");
        assertThat(unconfirmed.settledSeq()).isEqualTo(2);
    }

    @Test
    void whatWasNotConfirmedBeforeTheEndIsInDoubtAtTheNextStart() throws Exception {
        store(List.of(from("a-1", "r1")));
        confirm("a-1");
        unconfirmed.keep(1);
        store(List.of(from("a-2", "r2")));
        store(List.of(from("a-3", "r3")));
        ledger.close(); // as if killed

        open(/* wanted= */ true);
        assertThat(unconfirmed.settledSeq()).isEqualTo(3);
        assertThat(inDoubt()).containsExactly(2L, 3L);
        unconfirmed.keep(3);
        assertThat(inDoubt()).containsExactly(2L, 3L); // one of them may be asked for
        unconfirmed.keep(4);
        assertThat(inDoubt()).isEmpty();
    }

    @Test
    void whatIsInDoubtStaysWhileNobodyAsks() throws Exception {
        store(List.of(from("a-1", "r1")));
        ledger.close();

        open(/* wanted= */ false);
        store(List.of(from("a-2", "r2")));
        assertThat(unconfirmed.address()).isNull();
        assertThat(unconfirmed.settledSeq()).isEqualTo(2);
        unconfirmed.keep(Long.MAX_VALUE);
        ledger.close();

        open(/* wanted= */ true);
        assertThat(inDoubt()).containsExactly(1L, 2L);
    }

    private void open(boolean wanted) throws Exception {
        ledger = Ledger.open(directory, LedgerTest.CONFIG);
        unconfirmed = Unconfirmed.of(vertx, ledger, directory, wanted);
    }

    private void store(List<Message<RecordGroup>> groups) throws Exception {
        unconfirmed.hold(groups);
        append(groups);
        unconfirmed.release(groups);
    }

    private void append(List<Message<RecordGroup>> groups) throws Exception {
        var unused =
                new GroupWriter(ledger).write(groups.stream().map(Message::body).toList());
    }

    private void confirm(String... groups) {
        unconfirmed.confirm(new JsonArray(List.of(groups)));
    }

    private List<Long> inDoubt() {
        var doubts = unconfirmed.followed().doubts();
        return LongStream.rangeClosed(1, 10).filter(doubts::contains).boxed().toList();
    }

    private Message<RecordGroup> group(String id) throws Exception {
        return message(new DeliveryOptions(), id);
    }

    private Message<RecordGroup> from(String name, String id) throws Exception {
        return message(headers(name), id);
    }

    private static DeliveryOptions headers(String name) {
        return new DeliveryOptions().addHeader(GroupReceipt.GROUP, name);
    }

    /** As it comes over the event bus. */
    private Message<RecordGroup> message(DeliveryOptions options, String id) throws Exception {
        Promise<Message<RecordGroup>> received = Promise.promise();
        var consumer = vertx.eventBus().<RecordGroup>localConsumer("groups", received::complete);
        vertx.eventBus().send("groups", RecordGroup.of(List.of(record(id))), options.setCodecName(RecordGroup.CODEC));
        var message = await(received.future());
        await(consumer.unregister());
        return message;
    }
}
