package dev.augur.config;

import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.augur.cluster.ClusterConfig;
import dev.augur.http.PeerTls;
import dev.augur.http.RoutingConfig;
import dev.augur.membership.MembershipConfig;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings of the section {@code cluster}, as {@link Settings} says. Thread-safe. */
final class ClusterSettings {
    private static final int MAX_PORT = 65_535;
    private static final String NONE = "none";
    private static final Pattern MEMBER =
            Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?|[0-9A-Fa-f:.%]+|\\[[0-9A-Fa-f:.%]+](:[0-9]{1,5})?");

    private ClusterSettings() {}

    static ClusterConfig read(ConfigReader reader) {
        return new ClusterConfig(
                reader.flag("cluster.enabled", false),
                reader.text("cluster.name", "augur"),
                Settings.host(reader, "cluster.host", Settings.LOOPBACK),
                reader.integer("cluster.port", 5701, between(1, MAX_PORT)),
                reader.integer("cluster.port-count", 8, between(1, 64)),
                reader.integer("cluster.event-bus-port", 0, between(0, MAX_PORT)),
                members(reader),
                orNone(reader.text("cluster.dns", NONE)),
                tls(reader),
                new ClusterConfig.Patience(
                        reader.duration("cluster.search-timeout", ofSeconds(1), between(ofMillis(100), ofSeconds(30))),
                        reader.duration("cluster.dns-timeout", ofSeconds(5), between(ofSeconds(1), ofMinutes(1))),
                        Settings.partOfHeap(reader, "cluster.event-bus-memory")));
    }

    private static Optional<PeerTls> tls(ConfigReader reader) {
        var certificate = reader.optionalPath("cluster.tls.certificate");
        var key = reader.optionalPath("cluster.tls.key");
        var authority = reader.optionalPath("cluster.tls.authority");
        String name = reader.text("cluster.tls.name", NONE);
        long given =
                Stream.of(certificate, key, authority).flatMap(Optional::stream).count();
        if (given == 1 || given == 2 || (given == 0 && !name.equals(NONE))) {
            reader.problem("cluster.tls", "expected certificate, key and authority, found " + given + " of them");
        }
        return certificate.flatMap(file ->
                key.flatMap(secret -> authority.map(trusted -> new PeerTls(file, secret, trusted, orNone(name)))));
    }

    private static List<String> members(ConfigReader reader) {
        var members = reader.list("cluster.members", List.of("127.0.0.1"));
        members.stream()
                .filter(member -> !MEMBER.matcher(member).matches())
                .forEach(member -> reader.problem(
                        "cluster.members",
                        "\"" + member + "\" is not allowed, expected a host, host:port, an address of IPv6 or"
                                + " [address]:port"));
        return members;
    }

    private static Optional<String> orNone(String text) {
        return Optional.of(text).filter(given -> !given.equals(NONE));
    }

    static RoutingConfig routing(ConfigReader reader, ClusterConfig cluster) {
        return new RoutingConfig(
                cluster.host(),
                reader.integer("cluster.routing.port", 0, between(0, MAX_PORT)),
                reader.integer("cluster.routing.connections", 256, between(1, 10_000)),
                reader.integer("cluster.routing.max-requests", 10_000, between(1, 1_000_000)),
                reader.integer("cluster.routing.tries", 3, between(1, 10)),
                reader.duration("cluster.routing.max-pause", ofSeconds(10), between(ofMillis(250), ofMinutes(10))),
                cluster.tls());
    }

    static MembershipConfig membership(ConfigReader reader, String name) {
        return new MembershipConfig(
                name, reader.duration("cluster.silence", ofSeconds(2), between(ofMillis(200), ofMinutes(1))));
    }
}
