package dev.augur.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The samples of all rounds. Used on one thread. */
final class Results {
    private static final double DISTURBED = 0.14;
    private static final double MICROS_PER_MILLI = 1e3;

    private final Map<Series, List<Sample>> samples = new LinkedHashMap<>();

    void add(Series series, Sample sample) {
        samples.computeIfAbsent(series, first -> new ArrayList<>()).add(sample);
    }

    Map<Series, List<Sample>> all() {
        return samples;
    }

    boolean has(Series series) {
        return samples.containsKey(series);
    }

    double perSecond(Series series) {
        return median(series, Sample::perSecond);
    }

    double p50Millis(Series series) {
        return median(series, sample -> sample.seen().p50Micros()) / MICROS_PER_MILLI;
    }

    double p99Millis(Series series) {
        return median(series, sample -> sample.seen().p99Micros()) / MICROS_PER_MILLI;
    }

    /** Processor time per request over all rounds, in microseconds. */
    double cpuMicros(Series series) {
        long requests = of(series).stream().mapToLong(Sample::requests).sum();
        var cpu = of(series).stream().map(Sample::cpu).reduce(Duration.ZERO, Duration::plus);
        return cpu.toNanos() / 1e3 / requests;
    }

    /** How far the rounds lie apart: largest less smallest throughput, as a share of the median. */
    double spread(Series series) {
        var perSecond = of(series).stream().mapToDouble(Sample::perSecond).summaryStatistics();
        return (perSecond.getMax() - perSecond.getMin()) / perSecond(series);
    }

    /** Whether other processes took more than 14 % of the machine in one of the runs. */
    boolean disturbed(Series series) {
        return of(series).stream().anyMatch(sample -> sample.seen().others() > DISTURBED);
    }

    private double median(Series series, ToDoubleFunction<Sample> value) {
        return median(of(series).stream().mapToDouble(value).toArray());
    }

    /** The value in the middle, or between the two there. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private List<Sample> of(Series series) {
        var all = samples.get(series);
        if (all == null) {
            throw new IllegalArgumentException("nothing measured: " + series);
        }
        return all;
    }

    /**
     * What is measured once a round.
     *
     * @param parallel connections of a server, callers of ONNX Runtime
     */
    record Series(String target, Candidate candidate, int parallel) {}
}
