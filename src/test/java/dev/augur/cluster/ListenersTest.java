package dev.augur.cluster;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.ChildProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where the other half of a cluster may be: at addresses that take a connection, and nobody waits long for others. */
class ListenersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Listeners of(Duration patience) {
        return new Listeners(new Names(InetAddress::getAllByName), patience);
    }

    private static ServerSocket listen() throws Exception {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void onlyThoseThatTakeAConnectionAreFoundInTheirOrder() throws Exception {
        try (var first = listen();
                var second = listen()) {
            int free = ChildProcess.freePort();
            var all = new ArrayList<String>();
            for (int i = 0; i < 8; i++) {
                all.add(i, "127.0.0.1:" + (free + i));
            }
            all.add("localhost:" + second.getLocalPort());
            all.add("localhost:" + first.getLocalPort());
            all.addAll(List.of("no.such.host.invalid:5701", "without a port", "127.0.0.1:99999999", "127.0.0.1:70000"));

            assertThat(of(LONG).of(all))
                    .containsExactly("127.0.0.1:" + second.getLocalPort(), "127.0.0.1:" + first.getLocalPort());
        }
        assertThat(of(LONG).of(List.of())).isEmpty();
    }

    /** Addresses of documentation, where no packet is answered: all of them together cost one second. */
    @Test
    void whoDoesNotAnswerCostsOneTimeout() {
        var away = new ArrayList<String>();
        for (int i = 1; i <= 40; i++) {
            away.add("192.0.2." + i + ":5701");
        }
        long began = System.nanoTime();
        assertThat(of(SECOND).of(away)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SECOND.multipliedBy(5));
    }

    /** The JDK waits for as long as the server of names likes; those that are known without it are found anyway. */
    @Test
    void aServerOfNamesThatDoesNotAnswerHoldsUpNobody() throws Exception {
        var answer = new CountDownLatch(1);
        var questions = new AtomicInteger();
        var names = new Names(name -> {
            questions.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(name);
            }
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });
        try (var there = listen()) {
            var all = List.of("slow:" + there.getLocalPort(), "slow:1", "127.0.0.1:" + there.getLocalPort());
            for (int i = 0; i < 3; i++) {
                assertThat(new Listeners(names, Duration.ofMillis(50)).of(all))
                        .containsExactly("127.0.0.1:" + there.getLocalPort());
            }
            eventually(() -> questions.get() == 1); // one that is asked already is not asked again
            var places = List.of("slow:5701", "127.0.0.1:5702", "[::1]:5703");
            assertThat(names.inNumbers(places, Duration.ofMillis(50))).isEqualTo(places.subList(1, 3));
            answer.countDown();
            assertThat(names.inNumbers(places, LONG)).containsExactly("127.0.0.1:5701", "127.0.0.1:5702", "[::1]:5703");
            assertThat(new Listeners(names, LONG).of(List.of("slow:" + there.getLocalPort(), "slow:1")))
                    .containsExactly("127.0.0.1:" + there.getLocalPort());
        }
    }
}
