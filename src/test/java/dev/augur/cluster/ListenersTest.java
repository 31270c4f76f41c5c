package dev.augur.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.ChildProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the other half of a cluster may be: at addresses that take a connection, and nobody waits long for others. */
class ListenersTest {
    @Test
    void onlyThoseThatTakeAConnectionAreFoundInTheirOrder() throws Exception {
        try (var first = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                var second = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            var there = List.of("127.0.0.1:" + second.getLocalPort(), "localhost:" + first.getLocalPort());
            int free = ChildProcess.freePort();
            var all = new ArrayList<>(there);
            for (int i = 0; i < 8; i++) {
                all.add(i, "127.0.0.1:" + (free + i));
            }
            all.addAll(List.of("no.such.host.invalid:5701", "without a port", "127.0.0.1:99999999"));

            assertThat(Listeners.of(all)).containsExactlyElementsOf(there);
        }
        assertThat(Listeners.of(List.of())).isEmpty();
    }

    /** Addresses of documentation, where no packet is answered: all of them together cost one second. */
    @Test
    void whoDoesNotAnswerCostsOneTimeout() {
        var away = new ArrayList<String>();
        for (int i = 1; i <= 40; i++) {
            away.add("192.0.2." + i + ":5701");
        }
        long began = System.nanoTime();
        assertThat(Listeners.of(away)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Listeners.PATIENCE.multipliedBy(5));
    }
}
