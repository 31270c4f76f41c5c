package dev.augur.timeline;

/**
 * The header {@code Server-Timing}, which browsers show beside a request: what each stage took, in milliseconds with
 * three decimals. One use, one thread.
 */
public final class ServerTiming {
    /** Its name. */
    public static final String HEADER = "Server-Timing";

    private static final int NANOS = 1_000;
    private static final int MILLI = 1_000;
    private static final int TENTH = 100;
    private static final int HUNDREDTH = 10;
    private static final int CHARS = 120;

    private final StringBuilder text = new StringBuilder(CHARS);

    private ServerTiming() {}

    /**
     * Of one request, as far as its stages are over.
     *
     * @param totalNanos since its head came
     */
    public static String of(Timeline timeline, long totalNanos) {
        var timing = new ServerTiming();
        for (Stage stage : Stage.ALL) {
            long micros = timeline.micros(stage);
            if (micros >= 0) {
                timing.duration(stage.text(), micros).append(", ");
            }
        }
        return timing.duration("total", totalNanos / NANOS).toString();
    }

    /**
     * What stands in front of one's own where another node has predicted: its stages, and {@code node}, all that it
     * took there.
     *
     * @param timing the header as that node wrote it
     */
    public static String ofNode(String timing) {
        return timing.replace("total;", "node;") + ", ";
    }

    private StringBuilder duration(String name, long micros) {
        long decimals = micros % MILLI;
        text.append(name).append(";dur=").append(micros / MILLI).append('.');
        if (decimals < TENTH) {
            text.append('0');
        }
        if (decimals < HUNDREDTH) {
            text.append('0');
        }
        return text.append(decimals);
    }
}
