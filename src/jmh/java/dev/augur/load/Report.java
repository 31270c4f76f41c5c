package dev.augur.load;

import static dev.augur.load.Results.Candidate.AUGUR;
import static dev.augur.load.Results.Candidate.BARE;
import static dev.augur.load.Results.Candidate.RAW;

import dev.augur.load.Results.Candidate;
import dev.augur.load.Results.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The results as Markdown. Throughput and quantiles are medians of the rounds; nothing is left out of them.
 * Thread-safe.
 */
final class Report {
    private static final String HEAD =
            """
            | connections | Augur/s | bare/s | Augur/bare | Augur/raw | p50 ms, bare | p99 ms, bare | CPU µs, bare | spread |
            | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """;

    private final Plan plan;
    private final Results results;

    /** A report on all targets of the plan. */
    Report(Plan plan, Results results) {
        this.plan = plan;
        this.results = results;
    }

    /** One section per target. */
    String markdown() {
        var text = new StringBuilder();
        for (Target target : plan.targets()) {
            text.append(text("%n### %s: `POST %s`%n%n", target.name(), target.path()))
                    .append(HEAD);
            plan.connections().forEach(connections -> text.append(row(target, connections)));
            target.model().ifPresent(model -> text.append(raw(target)));
        }
        return text.append(LEGEND).toString();
    }

    /** Every sample, a line each. */
    List<String> csv() {
        var lines = new ArrayList<String>();
        lines.add("target,candidate,parallel,requests,wall_us,cpu_us,p50_us,p99_us");
        results.all().forEach((series, samples) -> {
            for (Sample sample : samples) {
                lines.add(text(
                        "%s,%s,%d,%d,%d,%d,%d,%d",
                        series.target(),
                        series.candidate(),
                        series.parallel(),
                        sample.requests(),
                        sample.wall().toNanos() / 1_000,
                        sample.cpu().toNanos() / 1_000,
                        sample.latency().p50Micros(),
                        sample.latency().p99Micros()));
            }
        });
        return lines;
    }

    private static final String LEGEND =
            """

            Pairs are Augur, bare. bare: a Vert.x route that reads the same bodies with Jackson and answers a constant of the same size. raw:
            ONNX Runtime in a loop, one row per run, as many callers as cores. CPU: user and system time of the server's process per request.
            spread: largest less smallest throughput of a candidate's rounds, the worse of the two. No request failed.
            """;

    private String row(Target target, int connections) {
        var augur = new Series(target.name(), AUGUR, connections);
        var bare = new Series(target.name(), BARE, connections);
        double perSecond = results.median(augur, Sample::perSecond);
        double floor = results.median(bare, Sample::perSecond);
        return text(
                "| %d | %,.0f | %,.0f | %.2f | %s | %s | %s | %.1f, %.1f | %s |%n",
                connections,
                perSecond,
                floor,
                perSecond / floor,
                target.model().isEmpty() ? "" : text("%.2f", perSecond / rawPerSecond(target, Contest.callers())),
                quantiles(augur, bare, /* p99= */ false),
                quantiles(augur, bare, /* p99= */ true),
                results.cpuMicros(augur),
                results.cpuMicros(bare),
                plan.rounds() == 1
                        ? "one round"
                        : text("%.0f %%", 100 * Math.max(results.spread(augur), results.spread(bare))));
    }

    private String quantiles(Series augur, Series bare, boolean p99) {
        return millis(augur, p99) + ", " + millis(bare, p99);
    }

    private String millis(Series series, boolean p99) {
        double micros = results.median(
                series,
                sample -> p99 ? sample.latency().p99Micros() : sample.latency().p50Micros());
        return text("%.2f", micros / 1_000);
    }

    private String raw(Target target) {
        var parts = new ArrayList<String>();
        for (int callers : List.of(1, Contest.callers())) {
            parts.add(text(
                    "%d caller%s %,.0f/s, %.1f µs CPU each",
                    callers,
                    callers == 1 ? "" : "s",
                    rawPerSecond(target, callers),
                    results.cpuMicros(series(target, RAW, callers))));
        }
        return text("%nONNX Runtime alone: %s.%n", String.join("; ", parts));
    }

    private double rawPerSecond(Target target, int callers) {
        return results.median(series(target, RAW, callers), Sample::perSecond);
    }

    private static Series series(Target target, Candidate candidate, int parallel) {
        return new Series(target.name(), candidate, parallel);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
