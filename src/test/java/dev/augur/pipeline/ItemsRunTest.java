package dev.augur.pipeline;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.Delivery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages of items, and that each of them ends once, by whatever comes first. */
@ExtendWith(VertxExtension.class)
class ItemsRunTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private ItemsRunBed bed;

    @BeforeEach
    void start(Vertx vertx) {
        bed = new ItemsRunBed(vertx);
    }

    @Test
    void looksUpPredictsAndAnswersInOrder() throws Exception {
        var answers = bed.run(LONG, items(3, 1, 2));
        bed.answerStore();
        assertThat(fields(answers)).containsExactly(Map.of("y", 6.0), Map.of("y", 2.0), Map.of("y", 4.0));
        assertThat(bed.turnstile.items()).isZero();
    }

    @Test
    void asksTheStoreOnlyForWhatTheRequestDoesNotGive() throws Exception {
        var given = new ItemRequest(1L, Map.of("x", 21L));
        assertThat(fields(bed.run(LONG, List.of(given)))).containsExactly(Map.of("y", 42.0));
        assertThat(bed.asked).isEmpty();
    }

    @Test
    void refusesTheItemWhoseFeaturesDoNotBelongHereAlone() throws Exception {
        var wrong = new ItemRequest(2L, Map.of("z", 1L));
        var answers = bed.run(LONG, List.of(items(1).get(0), wrong));
        assertThat(code(answers.get(1))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        bed.answerStore();
        assertThat(await(answers.get(0)).fields()).isEqualTo(Map.of("y", 2.0));
        assertThat(bed.asked).containsExactly(1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void endsWhenTheTimeIsOverAndWhatComesLaterChangesNothing(int count) throws Exception {
        var answers = bed.run(SHORT, many(count));
        for (var answer : answers) {
            assertThat(code(answer)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        }
        bed.answerStore();
        bed.settled();
        assertThat(bed.predicted).isEmpty();
        assertThat(bed.turnstile.items()).isZero();
    }

    @Test
    void endsWhenTheCallerOfAListLeaves() throws Exception {
        var answers = bed.run(LONG, items(1, 2));
        bed.gone.fail("left");
        assertThat(code(answers.get(0))).isEqualTo(ErrorCode.CANCELLED);
        assertThat(code(answers.get(1))).isEqualTo(ErrorCode.CANCELLED);
        bed.answerStore();
        bed.settled();
        assertThat(bed.predicted).isEmpty();
    }

    @Test
    void givesItsPlacesBackWhenTheModelCannotBeUsed() throws Exception {
        var refusal = new ServingException(ErrorCode.NOT_READY, "gone");
        var answers = bed.run(LONG, many(40), () -> {
            throw refusal;
        });
        assertThat(code(answers.get(39))).isEqualTo(ErrorCode.NOT_READY);
        assertThat(bed.turnstile.items()).isZero();
        assertThat(bed.asked).isEmpty();
    }

    @Test
    void refusesAListForWhichThereIsNoRoomAndTakesNone() throws Exception {
        var answers = bed.run(LONG, many(ItemsRunBed.MOST_WAITING + 1));
        assertThat(code(answers.get(0))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(code(answers.get(ItemsRunBed.MOST_WAITING))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(bed.turnstile.items()).isZero();
    }

    @Test
    void asksForTheNextItemsOnceTheStoreHasRoom() throws Exception {
        int fetches = 3;
        var answers = bed.run(LONG, many(ItemsRunBed.KEYS * fetches));
        for (int fetch = 1; fetch <= fetches; fetch++) {
            int asked = ItemsRunBed.KEYS * fetch;
            eventually(() -> bed.asked.size() == asked);
            bed.settled();
            assertThat(bed.asked).hasSize(asked);
            bed.answerStore();
        }
        assertThat(fields(answers)).hasSize(ItemsRunBed.KEYS * fetches);
    }

    @Test
    void leavesTheEventLoopToOthersWhileItBegins() throws Exception {
        bed.delivery = Delivery.AFTER_ANSWER;
        Promise<Integer> meanwhile = Promise.promise();
        bed.onLoop(() -> {
            var answers = bed.begin(LONG, many(200), bed::plan);
            bed.loop.runOnContext(other -> meanwhile.complete(bed.records.size()));
            return answers;
        });
        assertThat(await(meanwhile.future())).isLessThan(200);
        bed.settled();
        assertThat(bed.records).hasSize(200);
    }

    @Test
    void answersOnceItsRecordIsAcknowledged() throws Exception {
        bed.delivery = Delivery.BEFORE_ANSWER;
        var answers = bed.run(LONG, items(1));
        bed.answerStore();
        eventually(() -> bed.records.size() == 1);
        bed.settled();
        assertThat(answers.get(0).isComplete()).isFalse();
        bed.acknowledged.complete();
        assertThat(await(answers.get(0)).recordId()).isNotNull();
    }

    @Test
    void failsWhenItsRecordIsNotTaken() throws Exception {
        bed.delivery = Delivery.BEFORE_ANSWER;
        var answers = bed.run(LONG, items(1));
        bed.acknowledged.fail("full");
        bed.answerStore();
        assertThat(code(answers.get(0))).isEqualTo(ErrorCode.NOT_READY);
    }

    @Test
    void recordsAlsoTheItemThatHadNoChance() throws Exception {
        bed.delivery = Delivery.BEFORE_ANSWER;
        var answers = bed.run(LONG, many(ItemsRunBed.MOST_WAITING + 1));
        assertThat(code(answers.get(ItemsRunBed.MOST_WAITING))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(bed.records).hasSize(answers.size());
    }

    @Test
    void failsTheItemWhosePredictionFailed() throws Exception {
        bed.failOn = 2.0;
        var answers = bed.run(LONG, items(1, 2, 3));
        bed.answerStore();
        assertThat(code(answers.get(1)))
                .isEqualTo(ErrorCode.NOT_READY); // the model is gone, which is not the client's fault
        assertThat(await(answers.get(0)).fields()).isEqualTo(Map.of("y", 2.0));
        assertThat(await(answers.get(2)).fields()).isEqualTo(Map.of("y", 6.0));
    }

    private static List<ItemRequest> items(long... ids) {
        return LongStream.of(ids).mapToObj(id -> new ItemRequest(id, Map.of())).toList();
    }

    private static List<ItemRequest> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(id -> new ItemRequest((long) id, Map.of()))
                .toList();
    }

    private static List<Map<String, Object>> fields(List<Future<ItemAnswer>> answers) throws Exception {
        await(Future.all(answers));
        return answers.stream().map(answer -> answer.result().fields()).toList();
    }

    private static ErrorCode code(Future<ItemAnswer> answer) throws Exception {
        await(answer.transform(ended -> Future.succeededFuture()));
        return ((ServingException) answer.cause()).code();
    }
}
