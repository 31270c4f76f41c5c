package dev.augur.timeline;

import dev.augur.json.NumberText;
import java.nio.charset.StandardCharsets;

/**
 * The header {@code Server-Timing}, which browsers show beside a request: what each stage took, in milliseconds with
 * three decimals. One use, one thread.
 */
public final class ServerTiming {
    /** Its name. */
    public static final String HEADER = "Server-Timing";

    private static final int NANOS = 1_000;
    private static final int MILLI = 1_000;
    private static final int DECIMALS = 3;
    private static final int RADIX = 10;
    private static final int STAGE_BYTES = 20 + NumberText.MAX_BYTES; // at most, with what stands around it

    private final byte[] text = new byte[(Stage.ALL.size() + 1) * STAGE_BYTES];
    private int length;

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
                timing.duration(stage.text(), micros);
                timing.ascii(", ");
            }
        }
        timing.duration("total", totalNanos / NANOS);
        return new String(timing.text, 0, timing.length, StandardCharsets.ISO_8859_1);
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

    private void duration(String name, long micros) {
        ascii(name);
        ascii(";dur=");
        length = NumberText.write(micros / MILLI, text, length);
        text[length] = '.';
        long left = micros % MILLI;
        for (int place = DECIMALS; place > 0; place--) {
            text[length + place] = (byte) ('0' + left % RADIX);
            left /= RADIX;
        }
        length += 1 + DECIMALS;
    }

    @SuppressWarnings("deprecation") // what it does to other than ASCII does not happen here
    private void ascii(String plain) {
        plain.getBytes(0, plain.length(), text, length);
        length += plain.length();
    }
}
