package dev.augur.predictionlog.ledger;

import dev.augur.predictionlog.line.LineJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the lines themselves say of the files beside them: the hash at the head, and what retention removed, which the
 * writer puts into the chain before it removes anything. Thread-safe.
 */
final class Witness {
    private static final byte[] TYPE = LineFormat.bytes(",\"type\":\"retention\",");
    private static final String SEQ = "removed_through_seq";
    private static final String HASH = "removed_through_hash";
    private static final int MAX_START = 100;

    private final Set<ChainPoint> removed = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String hashAtHead;

    /** The line that goes into the chain before retention removes everything up to a point. */
    static LedgerEntry retention(ChainPoint through, int segments, Instant now) {
        var id = UUID.randomUUID().toString();
        var json = "{\"type\":\"retention\",\"schema_version\":1,\"record_id\":\"" + id + "\",\"received_at\":\"" + now
                + "\",\"" + SEQ + "\":\"" + through.seq() + "\",\"" + HASH + "\":\"" + through.hash()
                + "\",\"removed_segments\":" + segments + "}";
        return new LedgerEntry(id, json.getBytes(StandardCharsets.UTF_8));
    }

    /** What is wrong with a marker that no line confirms. */
    static Fault unconfirmed(Markers markers, ChainPoint retained) {
        return new Fault(
                markers.retainedFile(),
                0,
                "says that retention removed seq 1 to " + retained.seq() + ", but no line of the chain says so");
    }

    /**
     * Checks segments, oldest first: the newest line by line, as far as so many bytes reach back, the others by their
     * ends.
     */
    List<SegmentScan> scan(WriterFolder folder, List<Path> segments, long wholeBytes, @Nullable Head head)
            throws IOException {
        int whole = firstWhole(segments, wholeBytes);
        try {
            return segments.parallelStream()
                    .map(segment -> {
                        try {
                            return segments.indexOf(segment) < whole
                                    ? SegmentScan.ends(segment, folder.id())
                                    : SegmentScan.whole(segment, folder.id(), (line, seq) -> see(line, seq, head));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Whether a line says that retention removed everything up to this one. */
    boolean confirms(ChainPoint retained) {
        return removed.contains(retained);
    }

    /** The hash of the line that the head names; {@code null} if it was not seen. */
    @Nullable
    String hashAtHead() {
        return hashAtHead;
    }

    private void see(SegmentReader line, long seq, @Nullable Head head) throws IOException {
        if (head != null && head.end().seq() == seq) {
            hashAtHead = LineFormat.digits(line.buffer(), LineFormat.hashAt(line.to()));
        }
        if (isRetention(line)) {
            var through = LineJson.text(line.buffer(), line.from(), line.to(), SEQ);
            var hash = LineJson.text(line.buffer(), line.from(), line.to(), HASH);
            if (through != null && hash != null) {
                removed.add(new ChainPoint(Long.parseLong(through), hash));
            }
        }
    }

    /** The type is the first field behind the seq. */
    private static boolean isRetention(SegmentReader line) {
        var buffer = line.buffer();
        int commas = 0;
        int end = Math.min(line.to(), line.from() + MAX_START);
        for (int i = line.from(); i < end; i++) {
            if (buffer[i] == ',' && ++commas == 2) {
                return i + TYPE.length <= line.to() && Arrays.equals(buffer, i, i + TYPE.length, TYPE, 0, TYPE.length);
            }
        }
        return false;
    }

    private static int firstWhole(List<Path> segments, long wholeBytes) throws IOException {
        long bytes = 0;
        int first = segments.size();
        while (first > 0 && (first == segments.size() || bytes < wholeBytes)) {
            first--;
            bytes += Files.size(segments.get(first));
        }
        return first;
    }
}
