package dev.augur.logview;

import java.util.List;

/**
 * A record. Immutable, thread-safe.
 *
 * @param node that has it
 * @param isPrediction whether it is the record of a request
 * @param lines its JSON, and behind it that of its outcomes, the newest first; not copied, not to be changed
 */
public record FoundRecord(String node, boolean isPrediction, List<byte[]> lines) {
    public FoundRecord {
        lines = List.copyOf(lines);
    }

    /** Its JSON. */
    public byte[] line() {
        return lines.get(0);
    }

    /** What turned out to be true. */
    public List<byte[]> outcomes() {
        return lines.subList(1, lines.size());
    }
}
