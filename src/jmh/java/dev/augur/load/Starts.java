package dev.augur.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What it takes until the first answer, and how much memory under load, with a heap of 256 MiB: Augur as it is shipped,
 * and programs beside it. Used on one thread.
 */
final class Starts {
    private static final String HEAP = "-Xmx256m";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final List<Candidate> ASKED = List.of(Candidate.AFTER, Candidate.LIMIT, Candidate.SPRING);

    private final Plan plan;
    private final Lineup lineup;
    private final Map<Candidate, List<Start>> starts = new LinkedHashMap<>();
    private final Map<Candidate, String> memory = new LinkedHashMap<>();

    private Starts(Plan plan, Lineup lineup) {
        this.plan = plan;
        this.lineup = lineup;
    }

    /** Starts each in turn, every round once, and makes a table; empty if nobody takes part or no model. */
    static String run(Plan plan, Lineup lineup) throws IOException, InterruptedException {
        var measured = new Starts(plan, lineup);
        var asked = plan.models().isEmpty()
                ? List.<Candidate>of()
                : ASKED.stream().filter(plan.servers()::contains).toList();
        for (int round = 1; round <= plan.time().number(); round++) {
            for (Candidate candidate : asked) {
                measured.start(candidate, /* last= */ round == plan.time().number());
            }
        }
        return asked.isEmpty() ? "" : measured.markdown();
    }

    private void start(Candidate candidate, boolean last) throws IOException, InterruptedException {
        var target = plan.models().get(0);
        long begun = System.nanoTime();
        try (var server = lineup.start(candidate, HEAP)) {
            server.answer(target, target.bodies().get(0));
            double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
            var start = new Start(seconds, server.program().cpu().toNanos() / NANOS_PER_SECOND);
            starts.computeIfAbsent(candidate, first -> new ArrayList<>()).add(start);
            System.err.printf("  %s: %s%n", candidate, start);
            if (last) {
                var load = new Wrk.Load(Plan.USUAL_CONNECTIONS, plan.time().warmUp());
                server.load(target, lineup.folder(), load);
                memory.put(candidate, server.program().memory());
            }
        }
    }

    private String markdown() {
        var text = new StringBuilder(String.format(
                """

                ### Start, and memory (%s)

                | server | first answer after | CPU until then | over limit | resident after load of %d connections |
                | --- | ---: | ---: | ---: | ---: |
                """,
                HEAP, Plan.USUAL_CONNECTIONS));
        var limit = starts.getOrDefault(Candidate.LIMIT, List.of());
        starts.forEach((candidate, all) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %.2f s | %.2f s | %s | %s |%n",
                candidate.title(),
                seconds(all),
                cpu(all),
                limit.isEmpty()
                        ? ""
                        : String.format(
                                Locale.ROOT, "%.2f; CPU %.2f", seconds(all) / seconds(limit), cpu(all) / cpu(limit)),
                memory.get(candidate))));
        return text.toString();
    }

    private static double seconds(List<Start> starts) {
        return Results.median(starts.stream().mapToDouble(Start::seconds).toArray());
    }

    private static double cpu(List<Start> starts) {
        return Results.median(starts.stream().mapToDouble(Start::cpuSeconds).toArray());
    }

    private record Start(double seconds, double cpuSeconds) {}
}
