package dev.augur.predictionlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which log a group goes to, and when to another. */
class RecipientTest {
    private static final String ONE = Addresses.predictionLog("writer-one");
    private static final String TWO = Addresses.predictionLog("writer-two");
    private static final ReplyException LATE = new ReplyException(ReplyFailure.TIMEOUT, "late");

    private final List<String> lively = new ArrayList<>(List.of("writer-one", "writer-two"));
    private final Recipient recipient = new Recipient(() -> lively, new SlowLogs());

    @Test
    void groupsGoToEachLogInTurn() {
        recipient.next();
        var first = recipient.address();
        recipient.next();
        assertThat(Set.of(first, recipient.address())).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void staysWithALogThatMayHaveItForSomeTries() {
        recipient.next();
        var first = recipient.address();
        for (int i = 0; i < 2; i++) {
            recipient.failed(LATE, /* awaited= */ false);
            assertThat(recipient.moves()).isFalse();
            assertThat(recipient.address()).isEqualTo(first);
        }
        recipient.failed(LATE, /* awaited= */ false);
        assertThat(recipient.moves()).isTrue();
        assertThat(recipient.address()).isNotEqualTo(first);
    }

    @Test
    void goesToAnotherAfterOneTryWhereAnAnswerWaits() {
        recipient.next();
        var first = recipient.address();
        recipient.failed(LATE, /* awaited= */ true);
        assertThat(recipient.moves()).isTrue();
        var second = recipient.address();
        assertThat(second).isNotEqualTo(first);
        recipient.failed(LATE, /* awaited= */ true);
        assertThat(recipient.address()).isEqualTo(first);
    }

    @Test
    void goesToAnotherWhereALogRefusesIsGoneOrSaysNothing() {
        for (var failure : List.of(
                new ReplyException(ReplyFailure.NO_HANDLERS, "gone"),
                new ReplyException(ReplyFailure.RECIPIENT_FAILURE, GroupReceipt.NOT_TAKEN, "full"))) {
            recipient.next();
            var first = recipient.address();
            recipient.failed(failure, /* awaited= */ false);
            assertThat(recipient.address()).isNotEqualTo(first);
        }
        recipient.next();
        var first = recipient.address();
        lively.remove(first.equals(ONE) ? "writer-one" : "writer-two");
        recipient.failed(LATE, /* awaited= */ false);
        assertThat(recipient.address()).isNotEqualTo(first);
    }

    @Test
    void leavesOutForAWhileWhoDidNotTakeARecord() {
        var slow = new SlowLogs();
        var late = new Recipient(() -> lively, slow);
        late.next();
        var first = late.address();
        late.failed(LATE, /* awaited= */ true);
        var another = new Recipient(() -> lively, slow); // of another event loop
        for (int i = 0; i < 4; i++) {
            another.next();
            assertThat(another.address()).isNotEqualTo(first);
            another.acknowledged();
        }
        lively.remove(first.equals(ONE) ? "writer-two" : "writer-one");
        another.next();
        assertThat(another.address()).as("where there is no other").isEqualTo(first);
        another.acknowledged();
        lively.add(first.equals(ONE) ? "writer-two" : "writer-one");
        var all = new HashSet<String>();
        for (int i = 0; i < 2; i++) {
            another.next();
            all.add(another.address());
        }
        assertThat(all).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void triesTheOnlyLogAgainAndAnyoneWhereNoneIsKnown() {
        lively.remove("writer-two");
        recipient.next();
        for (int i = 0; i < 5; i++) {
            assertThat(recipient.address()).isEqualTo(ONE);
            recipient.failed(
                    new ReplyException(ReplyFailure.RECIPIENT_FAILURE, GroupReceipt.NOT_TAKEN, "full"),
                    /* awaited= */ false);
        }
        lively.clear();
        recipient.next();
        assertThat(recipient.address()).isEqualTo(Addresses.PREDICTION_LOG);
        lively.add("writer-two");
        recipient.failed(LATE, /* awaited= */ false);
        assertThat(recipient.address()).isEqualTo(TWO);
    }

    @Test
    void knowsWhetherTwoLogsMayHaveAGroup() {
        recipient.next();
        var first = recipient.address();
        recipient.failed(LATE, /* awaited= */ false);
        assertThat(recipient.address()).isEqualTo(first);
        assertThat(recipient.another()).isFalse();
        recipient.failed(LATE, /* awaited= */ true);
        assertThat(recipient.address()).isNotEqualTo(first);
        assertThat(recipient.another()).isTrue();
        recipient.next();
        assertThat(recipient.another()).isFalse();
        lively.clear();
        assertThat(recipient.address()).isEqualTo(Addresses.PREDICTION_LOG);
        assertThat(recipient.another()).isFalse();
        recipient.failed(LATE, /* awaited= */ false);
        assertThat(recipient.address()).isEqualTo(Addresses.PREDICTION_LOG);
        assertThat(recipient.another())
                .as("whoever takes records may be another one")
                .isTrue();
    }
}
