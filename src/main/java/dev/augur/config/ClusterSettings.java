package dev.augur.config;

import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.augur.cluster.ClusterConfig;
import dev.augur.membership.MembershipConfig;
import java.util.List;

/** The settings of the section {@code cluster}, as {@link Settings} says. Thread-safe. */
final class ClusterSettings {
    private static final int MAX_PORT = 65_535;

    private ClusterSettings() {}

    static ClusterConfig read(ConfigReader reader) {
        return new ClusterConfig(
                reader.flag("cluster.enabled", false),
                reader.text("cluster.name", "augur"),
                Settings.host(reader, "cluster.host"),
                reader.integer("cluster.port", 5701, between(1, MAX_PORT)),
                reader.integer("cluster.port-count", 8, between(1, 64)),
                reader.integer("cluster.event-bus-port", 0, between(0, MAX_PORT)),
                reader.list("cluster.members", List.of("127.0.0.1")));
    }

    static MembershipConfig membership(ConfigReader reader, String name) {
        return new MembershipConfig(
                name, reader.duration("cluster.silence", ofSeconds(2), between(ofMillis(200), ofMinutes(1))));
    }
}
