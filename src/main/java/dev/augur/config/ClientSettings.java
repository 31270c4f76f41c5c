package dev.augur.config;

import static dev.augur.config.Units.GIB;
import static dev.augur.setting.Section.Range.between;

import dev.augur.http.HttpConfig;
import dev.augur.http.Network;
import dev.augur.http.Proxies;
import java.util.List;
import java.util.Optional;

/** The settings of what one client may have, and of the proxies that tell who that is. */
final class ClientSettings {
    private static final int MAX_COUNT = 1_000_000;

    /** What proxies write. */
    enum ProxyHeader {
        X_FORWARDED_FOR,
        FORWARDED
    }

    private ClientSettings() {}

    static HttpConfig.Clients clients(ConfigReader reader) {
        int rate = reader.integer("http.clients.requests-per-second", 0, between(0, MAX_COUNT));
        int burst = reader.integer("http.clients.burst", 0, between(0, MAX_COUNT));
        if (burst > 0 && rate == 0) {
            reader.problem("http.clients.burst", "without requests-per-second there is no burst");
        }
        return new HttpConfig.Clients(
                reader.integer("http.clients.connections", 0, between(0, MAX_COUNT)),
                rate,
                burst == 0 ? rate : burst,
                reader.integer("http.clients.in-flight", 0, between(0, MAX_COUNT)),
                reader.bytes("http.clients.bytes-per-second", 0, between(0L, 100 * GIB)));
    }

    static Proxies proxies(ConfigReader reader) {
        var ranges = reader.list("http.proxies", List.of());
        ranges.stream()
                .filter(range -> Network.parse(range).isEmpty())
                .forEach(range -> reader.problem(
                        "http.proxies",
                        "\"" + range + "\" is not allowed, expected addresses and ranges such as 10.0.0.0/8"));
        var header = reader.choice("http.proxy-header", ProxyHeader.class, ProxyHeader.X_FORWARDED_FOR);
        return new Proxies(
                ranges.stream().map(Network::parse).flatMap(Optional::stream).toList(),
                header == ProxyHeader.FORWARDED);
    }
}
