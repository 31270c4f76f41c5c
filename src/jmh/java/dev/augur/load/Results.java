package dev.augur.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The samples of all rounds. Used on one thread. */
final class Results {
    private final Map<Series, List<Sample>> samples = new LinkedHashMap<>();

    void add(Series series, Sample sample) {
        samples.computeIfAbsent(series, first -> new ArrayList<>()).add(sample);
    }

    Map<Series, List<Sample>> all() {
        return samples;
    }

    /** The median of a value over the rounds. */
    double median(Series series, ToDoubleFunction<Sample> value) {
        double[] sorted = of(series).stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
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
        return (perSecond.getMax() - perSecond.getMin()) / median(series, Sample::perSecond);
    }

    private List<Sample> of(Series series) {
        var all = samples.get(series);
        if (all == null) {
            throw new IllegalArgumentException("nothing measured: " + series);
        }
        return all;
    }

    /** Who takes part. */
    enum Candidate {
        AUGUR,
        BARE,
        RAW
    }

    /**
     * What is measured once a round.
     *
     * @param parallel connections of a server, callers of ONNX Runtime
     */
    record Series(String target, Candidate candidate, int parallel) {}
}
