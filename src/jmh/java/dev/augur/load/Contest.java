package dev.augur.load;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.load.Results.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Lets the candidates take turns. All run the whole time; who is not asked does nothing. Used on one thread. */
final class Contest {
    private static final Duration SLACK = Duration.ofSeconds(30);
    private static final Pattern RAN = Pattern.compile("(\\d+) runs in (\\d+) ns");
    private static final int RAW_SECONDS = 1;

    private final Plan plan;
    private final Lineup lineup;
    private final Results results = new Results();
    private final List<Server> servers = new ArrayList<>();

    Contest(Plan plan, Lineup lineup) {
        this.plan = plan;
        this.lineup = lineup;
    }

    /** Starts everybody, measures, and stops everybody. */
    Results run() throws IOException, InterruptedException {
        try (var raw = lineup.raw()) {
            for (Candidate candidate : plan.servers()) {
                if (candidate == Candidate.BARE) {
                    lineup.copyAnswers(servers.get(0), plan.models());
                }
                servers.add(lineup.start(candidate, ""));
            }
            for (Target target : plan.targets()) { // all of them first: they share code that has to become warm
                warmUp(target, raw);
            }
            for (int round = 0; round < plan.time().number(); round++) {
                System.err.println("round " + (round + 1));
                for (Target target : plan.targets()) {
                    measure(target, round);
                    record(target, Candidate.RAW, callers(), alone(raw, target));
                }
            }
            for (Server server : servers) {
                System.out.print(server.records());
                complain(server);
            }
        } finally {
            servers.forEach(Server::close);
        }
        return results;
    }

    private static void complain(Server server) throws IOException {
        var complaints = server.program().complaints();
        if (!complaints.isEmpty()) {
            System.out.printf(
                    "%s complained %d times, first: %s%n",
                    server.candidate().title(), complaints.size(), complaints.get(0));
        }
    }

    private void warmUp(Target target, Program raw) throws IOException, InterruptedException {
        System.err.println(target.name());
        var warmUp = new Wrk.Load(Plan.USUAL_CONNECTIONS, plan.warmUp(target));
        for (Server server : asked(target)) {
            for (String body : target.bodies()) {
                server.answer(target, body);
            }
            server.load(target, lineup.folder(), warmUp);
        }
        alone(raw, target);
    }

    private void measure(Target target, int round) throws IOException, InterruptedException {
        var asked = asked(target);
        Collections.rotate(asked, -round);
        for (int connections : plan.connections(target)) {
            var load = new Wrk.Load(connections, plan.time().run());
            for (Server server : asked) {
                var sample = server.load(target, lineup.folder(), load);
                record(target, server.candidate(), connections, List.of(sample));
            }
        }
    }

    private void record(Target target, Candidate candidate, int parallel, List<Sample> samples) {
        for (Sample sample : samples) {
            results.add(new Series(target.name(), candidate, parallel), sample);
            System.err.printf(
                    "  %-13s %-6s %3d %,10.0f/s %7.1f us CPU, others %.0f %%%n",
                    target.name(),
                    candidate,
                    parallel,
                    sample.perSecond(),
                    sample.cpuMicros(),
                    100 * sample.seen().others());
        }
    }

    /** A run of ONNX Runtime on the target's model; nothing for a target that has none. */
    @CanIgnoreReturnValue // to warm up
    private List<Sample> alone(Program raw, Target target) throws IOException, InterruptedException {
        if (target.model().isEmpty()) {
            return List.of();
        }
        var duration = Duration.ofSeconds(RAW_SECONDS);
        var file = lineup.file(target.model().get());
        var machine = Machine.now();
        var before = raw.cpu();
        raw.tell(file + " " + target.file(lineup.folder()) + " " + callers() + " " + duration.toMillis());
        var ran = raw.await(RAN, duration.plus(SLACK));
        var cpu = raw.cpu().minus(before);
        return List.of(new Sample(
                Long.parseLong(ran.group(1)),
                Duration.ofNanos(Long.parseLong(ran.group(2))),
                cpu,
                new Sample.Seen(0, 0, Machine.now().othersSince(machine, cpu))));
    }

    private List<Server> asked(Target target) {
        var asked = plan.servers(target);
        return new ArrayList<>(servers.stream()
                .filter(server -> asked.contains(server.candidate()))
                .toList());
    }

    /** As many callers as cores. */
    static int callers() {
        return Runtime.getRuntime().availableProcessors();
    }
}
