package dev.augur.cluster;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.BareMember;
import dev.augur.testkit.ChildProcess;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A node that does not read what the event bus sends it takes no more than its share of the sender's memory. */
class UnreadMessagesTest {
    private static final String ADDRESS = "test.unread";
    private static final Map<String, String> SMALL = Map.of("cluster.event-bus-memory", "8MiB");
    private static final int MESSAGES = 64;
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void aNodeThatDoesNotReadLosesItsConnectionAndIsSentToAgain() throws Exception {
        int port = ChildProcess.freePort();
        var publisher = BareMember.join(port, SMALL);
        var subscriber = BareMember.join(port, SMALL);
        var held = new CountDownLatch(1);
        var failures = new ConcurrentLinkedQueue<Throwable>(); // one for each message that was lost, once
        try {
            var heard = new AtomicInteger();
            publisher.exceptionHandler(failures::add);
            await(subscriber
                    .eventBus()
                    .<Buffer>consumer(ADDRESS, message -> heard.incrementAndGet())
                    .completion());
            eventually(() -> {
                publisher.eventBus().publish(ADDRESS, Buffer.buffer());
                return heard.get() > 0;
            });
            assertThat(ClusteredVertx.unread(publisher)).isZero();

            subscriber.runOnContext(turn -> hold(held)); // the only event loop, which reads the connection
            publisher.runOnContext(
                    turn -> { // of the connection's event loop, as all that is sent there in the end
                        for (int i = 0; i < MESSAGES; i++) { // the kernel holds a few of them
                            publisher.eventBus().publish(ADDRESS, Buffer.buffer(new byte[MEBIBYTE]));
                        }
                    });
            eventually(() -> ClusteredVertx.unread(publisher) > 0);
            held.countDown();
            assertThat(failures).isEmpty();

            eventually(() -> {
                int before = heard.get();
                publisher.eventBus().publish(ADDRESS, Buffer.buffer());
                eventually(() -> heard.get() > before);
                return true;
            });
        } finally {
            held.countDown();
            await(subscriber.close());
            await(publisher.close());
        }
    }

    private static void hold(CountDownLatch held) {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
