package dev.augur.http;

import java.util.regex.Pattern;

/** Who is answered at a port, and so which routes there are. Immutable, thread-safe. */
public enum Face {
    /** Everybody: clients, and those who look after the server. */
    ALL(-1, ".*"),
    /** Clients alone, where those who look after the server have a port of their own. */
    CLIENTS(
            -2,
            "(?!(/metrics|/cluster|/loggers.*|/v2/repository/.*|/predictions.*|/schemas/.*|/|/console/.*|/lib/.*)$).*"),
    /** Those who look after the server. What clients have is there, too: the console tries it. */
    OPERATORS(-3, ".*"),
    /** The node answers for itself, as it serves no clients: health, metrics, its prediction log. */
    ALONE(-4, "/metrics|/cluster|/loggers.*|(/v2)?/health/.*|/predictions.*|/schemas/.*"),
    /** Other nodes, which ask for what they do not have. */
    PEERS(
            -5,
            "/v2/models/:model(/versions/:version)?(/infer|/ready|/config)?|/predict/.*|/pipelines/.*"
                    + "|/v2/repository/models/:model/(un)?load");

    private final int anyPort;
    private final Pattern paths;

    Face(int anyPort, String paths) {
        this.anyPort = anyPort;
        this.paths = Pattern.compile(paths);
    }

    /** Whether a route of the server, given by its path in the table, is there. */
    boolean has(String path) {
        return paths.matcher(path).matches();
    }

    /** Whether the node serves clients there, with what other nodes have, too. */
    boolean serves() {
        return this == ALL || this == CLIENTS || this == OPERATORS;
    }

    /** Whether the console and the prediction log are there. */
    boolean operates() {
        return this == ALL || this == OPERATORS || this == ALONE;
    }

    /** Whether clients come, whose limits hold there. */
    boolean limits() {
        return this == ALL || this == CLIENTS;
    }

    /** What stands for "any port": Vert.x takes listeners of one negative number for one server. */
    int anyPort() {
        return anyPort;
    }
}
