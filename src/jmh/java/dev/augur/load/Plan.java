package dev.augur.load;

import java.util.List;

/**
 * What is measured, and for how long. Thread-safe.
 *
 * @param connections numbers of connections, one after the other
 * @param rounds how often everything is measured; the candidates take turns in each
 * @param time of the single runs
 */
record Plan(List<Target> targets, List<Integer> connections, int rounds, Seconds time) {
    Plan {
        targets = List.copyOf(targets);
        connections = List.copyOf(connections);
    }

    /**
     * Lengths of runs.
     *
     * @param warmUp before a target's first round, of each candidate
     * @param run of a server at one number of connections
     * @param raw of ONNX Runtime alone
     */
    record Seconds(int warmUp, int run, int raw) {}
}
