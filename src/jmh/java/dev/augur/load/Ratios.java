package dev.augur.load;

import static dev.augur.load.Candidate.AFTER;
import static dev.augur.load.Candidate.BEFORE;
import static dev.augur.load.Candidate.LIMIT;
import static dev.augur.load.Candidate.LOOP;
import static dev.augur.load.Candidate.NAIVE;
import static dev.augur.load.Candidate.OFF;
import static dev.augur.load.Candidate.SPRING;

import dev.augur.load.Results.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What of two candidates to look at, for each model: a row each. Thread-safe. */
final class Ratios {
    private final List<Target> targets;
    private final List<Integer> connections;
    private final Results results;

    /** The ratios of the plan's models. */
    Ratios(Plan plan, Results results) {
        targets = plan.models();
        connections = plan.connections();
        this.results = results;
    }

    /** A table; rows whose candidates did not take part are left out. */
    String markdown() {
        var rows = new ArrayList<Row>();
        for (int number : connections) {
            if (number == 1) {
                rows.add(new Row("p50", OFF, LIMIT, over(number, results::p50Millis)));
                rows.add(new Row("p50", LOOP, LIMIT, over(number, results::p50Millis)));
                rows.add(new Row("p50", AFTER, LIMIT, over(number, results::p50Millis)));
            } else {
                rows.addAll(underLoad(number));
            }
        }
        rows.removeIf(row -> !measured(row.one) || !measured(row.other));
        var text = new StringBuilder("\n### Ratios\n\n| what | connections |");
        targets.forEach(target -> text.append(' ').append(target.name()).append(" |"));
        text.append("\n| --- | ---: |").append(" ---: |".repeat(targets.size())).append('\n');
        rows.forEach(row -> text.append(text(row)));
        return text.toString();
    }

    private List<Row> underLoad(int number) {
        return List.of(
                new Row("requests/s", OFF, LIMIT, over(number, results::perSecond)),
                new Row("requests/s", LOOP, LIMIT, over(number, results::perSecond)),
                new Row("requests/s", OFF, NAIVE, over(number, results::perSecond)),
                new Row("requests/s", AFTER, OFF, over(number, results::perSecond)),
                new Row("requests/s", BEFORE, OFF, over(number, results::perSecond)),
                new Row("p50 in ms", BEFORE, OFF, above(number, results::p50Millis)),
                new Row("p99", BEFORE, OFF, over(number, results::p99Millis)),
                new Row("CPU in µs", AFTER, OFF, above(number, results::cpuMicros)),
                new Row("requests/s", AFTER, SPRING, over(number, results::perSecond)));
    }

    private boolean measured(Candidate candidate) {
        return results.all().keySet().stream().anyMatch(series -> series.candidate() == candidate);
    }

    private String text(Row row) {
        var text = new StringBuilder(String.format(
                "| %s: %s %s %s | %d |",
                row.what,
                row.one.label(),
                row.value.quotient ? "over" : "less",
                row.other.label(),
                row.value.connections));
        for (Target target : targets) {
            var one = new Series(target.name(), row.one, row.value.connections);
            var other = new Series(target.name(), row.other, row.value.connections);
            text.append(String.format(Locale.ROOT, " %.2f |", row.value.of(one, other)));
        }
        return text.append('\n').toString();
    }

    private static Value over(int connections, ToDoubleFunction<Series> value) {
        return new Value(connections, /* quotient= */ true, value);
    }

    private static Value above(int connections, ToDoubleFunction<Series> value) {
        return new Value(connections, /* quotient= */ false, value);
    }

    private record Row(String what, Candidate one, Candidate other, Value value) {}

    /** A quotient or a difference of two candidates' values. */
    private record Value(int connections, boolean quotient, ToDoubleFunction<Series> value) {
        double of(Series one, Series other) {
            double left = value.applyAsDouble(one);
            double right = value.applyAsDouble(other);
            return quotient ? left / right : left - right;
        }
    }
}
