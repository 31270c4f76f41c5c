package dev.augur.membership;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.statement.StatementJson;
import dev.augur.testkit.BareMember;
import dev.augur.testkit.ChildProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a node that starts waits for what the others say. */
class FirstHearingTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Map<String, String> PORTS = Map.of("cluster.port-count", "4");

    private static final long AGAIN_MILLIS = 500;

    private int port;
    private Vertx vertx;

    @BeforeEach
    void join() throws Exception {
        port = ChildProcess.freePort();
        vertx = BareMember.join(port, PORTS);
    }

    @AfterEach
    void leave() throws Exception {
        await(vertx.close());
    }

    @Test
    void oneThatAnswersLateIsWaitedFor() throws Exception {
        var silence = Duration.ofSeconds(8);
        var late = silence.dividedBy(2); // two intervals
        var other = BareMember.join(port, PORTS);
        try {
            answers(other, "node-2", late);
            assertThat(await(started(silence)).others()).hasSize(1);
        } finally {
            await(other.close());
        }
    }

    @Test
    void eachOfThemIsWaitedForAndAProgramThatDoesNotListenIsNot() throws Exception {
        var second = BareMember.join(port, PORTS);
        var third = BareMember.join(port, PORTS);
        var program = BareMember.join(port, PORTS);
        try {
            answers(second, "node-2", Duration.ofMillis(1));
            answers(third, "node-3", Duration.ofSeconds(1));
            assertThat(await(started(LONG)).others()).hasSize(2);
        } finally {
            await(program.close());
            await(third.close());
            await(second.close());
        }
    }

    @Test
    void aMemberThatSaysNothingHoldsUpAStartForTheSilenceAtMost() throws Exception {
        var silence = Duration.ofSeconds(1);
        var other = BareMember.join(port, PORTS);
        try {
            long begin = System.nanoTime();
            assertThat(await(started(silence)).others()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(silence);
        } finally {
            await(other.close());
        }
    }

    @Test
    void oneThatIsAloneWaitsForNobody() throws Exception {
        var silence = Duration.ofSeconds(12); // an interval is 3 s
        var waitedForOthers = vertx.timer(silence.toMillis());
        assertThat(await(started(silence)).others()).isEmpty();
        assertThat(waitedForOthers.isComplete()).isFalse();
    }

    private Future<Nodes> started(Duration silence) {
        var config = new MembershipConfig("augur-bare", silence);
        var nodes = new Nodes(config, /* clustered= */ true, () -> Statements.of("node-1"));
        return vertx.deployVerticle(new MembershipVerticle(config, nodes, new ModelRegistry()))
                .compose(vertx::undeploy)
                .map(nodes);
    }

    /** A node that is asked says what it is, after that time and, as nodes do, now and then. */
    private static void answers(Vertx member, String node, Duration after) throws Exception {
        await(member.eventBus()
                .<JsonObject>consumer(Addresses.NODES, message -> {
                    if (message.body().getBoolean("asks", /* def= */ false)) {
                        member.setPeriodic(after.toMillis(), AGAIN_MILLIS, late -> says(member, node));
                    }
                })
                .completion());
    }

    private static void says(Vertx member, String node) {
        member.eventBus().publish(Addresses.NODES, StatementJson.said(Statements.of(node)));
    }
}
