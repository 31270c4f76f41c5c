package dev.augur.config;

import static dev.augur.setting.Section.Range.between;

import dev.augur.access.AccessConfig;
import dev.augur.bridge.BridgeConfig;
import dev.augur.http.HttpConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings of the bridges to the event bus. */
final class BridgeSettings {
    private static final int MAX_PORT = 65_535;
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    private BridgeSettings() {}

    static BridgeConfig read(ConfigReader reader, HttpConfig http, AccessConfig access) {
        String host = reader.text("event-bus.bridge.host", "127.0.0.1");
        boolean sockJs = reader.flag("event-bus.sockjs.enabled", false);
        int sockJsPort = reader.integer("event-bus.sockjs.port", 8002, between(0, MAX_PORT));
        var origins = Set.copyOf(reader.list("event-bus.sockjs.origins", List.of()));
        boolean tcp = reader.flag("event-bus.tcp.enabled", false);
        int tcpPort = reader.integer("event-bus.tcp.port", 7000, between(0, MAX_PORT));
        var rules = new BridgeConfig.AddressRules(
                reader.list(
                        "event-bus.bridge.inbound",
                        List.of("augur.models.*", "augur.pipelines.*", "augur.predictions.after")),
                reader.list("event-bus.bridge.outbound", List.of("augur.predictions")));
        var limits = new BridgeConfig.Limits(
                (int) reader.bytes("event-bus.bridge.max-message", MIB, between(KIB, 64 * MIB)),
                reader.integer("event-bus.bridge.max-connections", 1_000, between(1, 1_000_000)),
                reader.integer("event-bus.bridge.max-in-flight", 100, between(1, 100_000)),
                http.heads().timeout());
        if ((sockJs || tcp) && !access.open() && !access.isChecked() && !AccessSettings.isLoopback(host)) {
            reader.problem(
                    "event-bus.bridge.host",
                    "other machines can reach " + host + ", so it has to be said who may ask: access.keys, access.jwt,"
                            + " or access: none for everybody");
        }
        return new BridgeConfig(
                new BridgeConfig.Listener(
                        host,
                        http.security().tls().map(tls -> new BridgeConfig.Certificate(tls.certificate(), tls.key()))),
                sockJs ? Optional.of(new BridgeConfig.SockJs(sockJsPort, origins)) : Optional.empty(),
                tcp ? Optional.of(tcpPort) : Optional.empty(),
                rules,
                limits);
    }
}
