package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a request is from, as proxies tell it and as clients would like it. */
class ProxiesTest {
    private static final Proxies OURS = proxies(/* standard= */ false);
    private static final Proxies STANDARD = proxies(/* standard= */ true);

    private static Proxies proxies(boolean standard) {
        return new Proxies(
                Stream.of("10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48")
                        .map(Network::parse)
                        .map(Optional::orElseThrow)
                        .toList(),
                standard);
    }

    /** The connection is from 10.0.0.1 each time; a second header is behind a plus. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                         | 10.0.0.1",
                "203.0.113.5                              | 203.0.113.5",
                "1.2.3.4, 203.0.113.5                     | 203.0.113.5",
                "1.2.3.4, 203.0.113.5, 10.9.9.9           | 203.0.113.5",
                "1.2.3.4, 203.0.113.5, 192.0.2.7, 10.1.1.1 | 203.0.113.5",
                "1.2.3.4, 10.1.1.1, 203.0.113.5           | 203.0.113.5",
                "1.2.3.4 + 203.0.113.5                    | 203.0.113.5",
                "10.2.2.2, 10.1.1.1                       | 10.2.2.2",
                "203.0.113.5:61234                        | 203.0.113.5",
                "2001:db8:5::1                            | 2001:db8:5::1",
                "[2001:db8:5::1]:443                      | 2001:db8:5::1",
                "203.0.113.5, 2001:db8:1::9               | 203.0.113.5",
                "203.0.113.5, ::ffff:10.1.1.1             | 203.0.113.5",
                "unknown                                  | 10.0.0.1",
                "1.2.3.4, unknown, 10.1.1.1               | 10.1.1.1",
                "1.2.3.4, evil.example                    | 10.0.0.1",
                "1.2.3.4,                                 | 10.0.0.1",
                "1.2.3.4, 999.1.1.1                       | 10.0.0.1",
                "1.2.3.4, 203.0.113.5\tx                  | 10.0.0.1",
            })
    void isTheLastOneThatIsNoProxy(String header, String client) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        if (header != null) {
            for (String one : header.split(" \\+ ", -1)) {
                headers.add("X-Forwarded-For", one);
            }
        }
        headers.add("Forwarded", "for=6.6.6.6"); // passed on by a proxy that knows nothing of it
        headers.add("X-Real-IP", "6.6.6.6");
        assertThat(OURS.client("10.0.0.1", headers)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.5                                            | 203.0.113.5",
                "For=\"203.0.113.5:1234\";proto=https;by=10.0.0.1           | 203.0.113.5",
                "for=1.2.3.4, for=203.0.113.5;proto=http, for=10.1.1.1      | 203.0.113.5",
                "proto=https;for=\"[2001:db8:5::1]:4711\"                   | 2001:db8:5::1",
                "for=1.2.3.4, for=\"_hidden\"                               | 10.0.0.1",
                "for=1.2.3.4, proto=https                                   | 10.0.0.1",
                "for=1.2.3.4, for=203.0.113.5;host=\"a,for=6.6.6.6\"        | 203.0.113.5",
                "for=1.2.3.4;host=\", for=203.0.113.5                       | 203.0.113.5", // a quote that does not end
                "for=unknown                                                | 10.0.0.1",
            })
    void isReadInTheFormOfTheStandard(String header, String client) {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("Forwarded", header)
                .add("X-Forwarded-For", "6.6.6.6"); // passed on by a proxy that writes the other one
        assertThat(STANDARD.client("10.0.0.1", headers)).isEqualTo(client);
    }

    @Test
    void aHeaderWithoutEndCostsLittle() {
        var headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", "10.1.1.1,".repeat(7_000) + "10.1.1.1");
        assertThat(OURS.client("10.0.0.1", headers)).isEqualTo("10.1.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::ffff:10.0.0.0/104, 10.0.0.1, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.5, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, 0:0:0:0:0:0:0:1%lo, true",
    })
    void aNetworkHoldsItsAddresses(String network, String address, boolean held) {
        assertThat(Network.parse(network).orElseThrow().holds(Network.address(address)))
                .isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy.example",
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "::/129",
                "10.0/8"
            })
    void whatIsNoNetworkIsNone(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }
}
