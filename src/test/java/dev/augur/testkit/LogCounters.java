package dev.augur.testkit;

/**
 * What {@code /metrics} says of the prediction log at one moment.
 *
 * @param offered records that came
 * @param stored those acknowledged by the ledger
 * @param dropped those given up
 * @param pending the rest
 */
public record LogCounters(long offered, long stored, long dropped, long pending) {
    /** Asks a server process. Fails if the counters do not add up. */
    public static LogCounters of(AugurProcess server) throws Exception {
        var scrape = server.get("/metrics").body();
        var counters = new LogCounters(
                records(scrape, "offered"), records(scrape, "stored"), records(scrape, "dropped"), (long)
                        Scrape.value(scrape, "augur_prediction_log_pending"));
        if (counters.offered - records(scrape, "summarised") != counters.stored + counters.dropped + counters.pending
                || counters.pending < 0) {
            throw new AssertionError("does not add up: " + counters);
        }
        return counters;
    }

    private static long records(String scrape, String outcome) {
        return (long) Scrape.value(scrape, "augur_prediction_log_records_total{outcome=\"" + outcome + "\"}");
    }
}
