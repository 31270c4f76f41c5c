package dev.augur.load;

import static dev.augur.load.Candidate.LIMIT;
import static dev.augur.load.Candidate.RAW;

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
            | connections | server | requests/s | over limit | p50 ms | p99 ms | CPU µs | spread |
            | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
            """;
    private static final String LEGEND =
            """

            limit: one batch a tick on the event loop, memory made once, no checks, no limits. naive: one executeBlocking a request. Spring
            Boot: a controller; virtual threads from Java 21 on. bare: a Vert.x route that reads the bodies and answers a constant of the
            same size. CPU: user and system time of the server's process per request. spread: largest less smallest throughput of the
            rounds. *: other processes took more than 14 % of the machine in a run. No request failed.
            """;

    private final Plan plan;
    private final Results results;

    /** A report on all targets of the plan. */
    Report(Plan plan, Results results) {
        this.plan = plan;
        this.results = results;
    }

    /** One section per target, one of all servers side by side, and the ratios. */
    String markdown() {
        var text = new StringBuilder();
        for (Target target : plan.targets()) {
            text.append(text("%n### %s: `POST %s`%n%n", target.name(), target.path()))
                    .append(HEAD);
            for (int connections : plan.connections(target)) {
                for (Candidate server : plan.servers(target)) {
                    text.append(row(target, new Series(target.name(), server, connections)));
                }
            }
            target.model().ifPresent(model -> text.append(alone(target)));
        }
        if (!plan.models().isEmpty()) {
            text.append(plan.connections().contains(Plan.USUAL_CONNECTIONS) ? sideBySide() : "")
                    .append(new Ratios(plan, results).markdown());
        }
        return text.append(pipeline()).append(LEGEND).toString();
    }

    /** Every sample, a line each. */
    List<String> csv() {
        var lines = new ArrayList<String>();
        lines.add("target,candidate,parallel,requests,wall_us,cpu_us,p50_us,p99_us,others");
        results.all().forEach((series, samples) -> {
            for (Sample sample : samples) {
                lines.add(text(
                        "%s,%s,%d,%d,%d,%d,%d,%d,%.2f",
                        series.target(),
                        series.candidate(),
                        series.parallel(),
                        sample.requests(),
                        sample.wall().toNanos() / 1_000,
                        sample.cpu().toNanos() / 1_000,
                        sample.seen().p50Micros(),
                        sample.seen().p99Micros(),
                        sample.seen().others()));
            }
        });
        return lines;
    }

    private String row(Target target, Series series) {
        var limit = new Series(target.name(), LIMIT, series.parallel());
        return text(
                "| %d | %s | %,.0f%s | %s | %.2f | %.2f | %.1f | %s |%n",
                series.parallel(),
                series.candidate().title(),
                results.perSecond(series),
                results.disturbed(series) ? "*" : "",
                results.has(limit) ? text("%.2f", results.perSecond(series) / results.perSecond(limit)) : "",
                results.p50Millis(series),
                results.p99Millis(series),
                results.cpuMicros(series),
                plan.time().number() == 1 ? "one round" : text("%.0f %%", 100 * results.spread(series)));
    }

    private String alone(Target target) {
        var series = new Series(target.name(), RAW, Contest.callers());
        return text(
                "%nONNX Runtime alone, %d callers: %,.0f/s, %.1f µs CPU each.%n",
                Contest.callers(), results.perSecond(series), results.cpuMicros(series));
    }

    /** The table of README. */
    private String sideBySide() {
        var models = plan.models();
        var text = new StringBuilder(
                text("%n### Side by side: %d connections%n%n| requests/s; p50, p99 ms; CPU |", Plan.USUAL_CONNECTIONS));
        models.forEach(target -> text.append(' ').append(target.name()).append(" |"));
        text.append("\n| --- |").append(" --- |".repeat(models.size())).append('\n');
        for (Candidate server : plan.servers()) {
            text.append("| ").append(server.title()).append(" |");
            for (Target target : models) {
                var series = new Series(target.name(), server, Plan.USUAL_CONNECTIONS);
                text.append(text(
                        " %.1f k%s; %.1f, %.1f; %.0f µs |",
                        results.perSecond(series) / 1_000,
                        results.disturbed(series) ? "*" : "",
                        results.p50Millis(series),
                        results.p99Millis(series),
                        results.cpuMicros(series)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** What the lookup and the assembly of cached features add to the model's own route. */
    private String pipeline() {
        var parts = new ArrayList<String>();
        for (Candidate server : plan.servers()) {
            var pipeline = new Series(Target.WINE_PIPELINE, server, Plan.USUAL_CONNECTIONS);
            var model = new Series(Target.WINE, server, Plan.USUAL_CONNECTIONS);
            if (results.has(pipeline) && results.has(model)) {
                parts.add(text(
                        "%s %.2f, %+.1f µs",
                        server.label(),
                        results.perSecond(pipeline) / results.perSecond(model),
                        results.cpuMicros(pipeline) - results.cpuMicros(model)));
            }
        }
        return parts.isEmpty()
                ? ""
                : text(
                        "%nThe pipeline with cached features, requests/s over its model and CPU above it, %d connections: %s.%n",
                        Plan.USUAL_CONNECTIONS, String.join("; ", parts));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
