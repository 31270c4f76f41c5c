package dev.augur.bridge;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may come onto the event bus from outside, and by what. Immutable, thread-safe.
 *
 * @param listener where both are
 * @param sockJs absent where it is off
 * @param tcpPort absent where it is off; 0 takes a free one
 * @param rules which addresses
 * @param limits of each connection, and of all
 */
public record BridgeConfig(
        Listener listener, Optional<SockJs> sockJs, Optional<Integer> tcpPort, AddressRules rules, Limits limits) {
    /**
     * Where both are.
     *
     * @param host the address that is listened at
     * @param certificate that of the server, and its key, files of PEM; absent is without TLS
     */
    public record Listener(String host, Optional<Certificate> certificate) {}

    /** Files of PEM. */
    public record Certificate(Path certificate, Path key) {}

    /**
     * SockJS.
     *
     * @param port 0 takes a free one
     * @param origins pages of other servers that may connect, or {@code *}
     */
    public record SockJs(int port, Set<String> origins) {
        public SockJs {
            origins = Set.copyOf(origins);
        }
    }

    /**
     * What a connection may cost.
     *
     * @param messageBytes largest message from a client
     * @param connections of all clients together; as many again may be about to become clients over SockJS
     * @param inFlight requests of one connection that have no answer yet
     * @param arrival how long it may take to become a client over SockJS
     */
    public record Limits(int messageBytes, int connections, int inFlight, Duration arrival) {}

    /**
     * Addresses, each as it is, or with a {@code *} for its end.
     *
     * @param inbound those that clients may send to
     * @param outbound those that they may listen at
     */
    public record AddressRules(List<String> inbound, List<String> outbound) {
        public AddressRules {
            inbound = List.copyOf(inbound);
            outbound = List.copyOf(outbound);
        }

        static boolean allow(List<String> rules, String address) {
            return rules.stream()
                    .anyMatch(rule -> rule.endsWith("*")
                            ? address.startsWith(rule.substring(0, rule.length() - 1))
                            : address.equals(rule));
        }
    }

    /** Whether there is any. */
    public boolean isOn() {
        return sockJs.isPresent() || tcpPort.isPresent();
    }
}
