package dev.augur.config;

import dev.augur.http.HttpConfig;
import java.util.Optional;

/** The settings of the port for those who look after the server. */
final class ManagementSettings {
    static final String HOST = "management.host";
    static final String PORT = "management.port";
    private static final String NONE = "none";
    private static final int SHIPPED_PORT = 8_001;

    /** Several nodes of one machine that serve no clients have a port each. */
    private static final int FURTHER_PORTS = 7;

    private ManagementSettings() {}

    /** A node that serves no clients has such a port in any case. */
    static Optional<HttpConfig.Listener> read(ConfigReader reader, HttpConfig.Listener clients, boolean serves) {
        String named = Settings.host(reader, HOST, NONE);
        String host = named.equals(NONE) ? clients.host() : named;
        String port = reader.word(PORT, NONE);
        if (port.equals(NONE)) {
            if (serves && !named.equals(NONE)) {
                reader.problem(HOST, "without " + PORT + " nothing listens there");
            }
            int any = clients.port() == 0 ? 0 : SHIPPED_PORT;
            return serves ? Optional.empty() : Optional.of(new HttpConfig.Listener(host, any, 1, FURTHER_PORTS));
        }
        var number = Units.integer(port);
        if (number == null || number < 0 || number > Settings.MAX_PORT) {
            reader.problem(
                    PORT,
                    "\"" + port + "\" is not allowed, expected none, or an integer from 0 to " + Settings.MAX_PORT);
            return Optional.empty();
        }
        if (serves && number != 0 && number == clients.port()) {
            reader.problem(PORT, number + " is http.port, too");
        }
        return Optional.of(new HttpConfig.Listener(host, number.intValue(), 1, serves ? 0 : FURTHER_PORTS));
    }
}
