package dev.augur.load;

import java.util.List;

/**
 * What is measured, and for how long. Thread-safe.
 *
 * @param servers the candidates, but for ONNX Runtime alone, which is always among them
 * @param connections numbers of connections, one after the other
 * @param time of the single runs
 */
record Plan(List<Target> targets, List<Candidate> servers, List<Integer> connections, Rounds time) {
    /** How many connections one looks at first; what only Augur has is measured with these alone. */
    static final int USUAL_CONNECTIONS = 64;

    Plan {
        targets = List.copyOf(targets);
        servers = List.copyOf(servers);
        connections = List.copyOf(connections);
    }

    /** The targets that everybody is asked for. */
    List<Target> models() {
        return targets.stream().filter(target -> target.model().isPresent()).toList();
    }

    /** Who is asked for a target: everybody for a model, Augur alone for a pipeline. */
    List<Candidate> servers(Target target) {
        return servers.stream()
                .filter(server -> target.model().isPresent() || server.augur())
                .toList();
    }

    /** How long a target is asked before the first round; a pipeline longer, as it shares less with the others. */
    int warmUp(Target target) {
        return target.model().isPresent() ? time.warmUp() : 3 * time.warmUp();
    }

    /** With how many connections a target is asked. */
    List<Integer> connections(Target target) {
        return target.model().isPresent() ? connections : List.of(USUAL_CONNECTIONS);
    }

    /**
     * Lengths of runs.
     *
     * @param number how often everything is measured; the candidates take turns in each
     * @param warmUp seconds for each target and candidate, before the first round
     * @param run seconds of a server at one number of connections
     */
    record Rounds(int number, int warmUp, int run) {}
}
