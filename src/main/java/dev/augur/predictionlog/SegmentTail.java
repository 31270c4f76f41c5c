package dev.augur.predictionlog;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the ledger goes on: the last segment, cut to whole lines, and what its lines say. Called on a worker thread; blocks.
 *
 * @param file the last segment, if there is one
 * @param bytes its length in whole lines
 * @param nextSeq the sequence number of the next record; the first of a writer is 1
 * @param recordIds ids of the records in the last segment
 */
record SegmentTail(Optional<Path> file, long bytes, long nextSeq, RecentIds recordIds) {
    private static final int READ_BYTES = 1 << 16;

    /** Reads the last segment and cuts off a torn last line, which was never acknowledged. */
    static SegmentTail recover(List<Path> segments) throws IOException {
        if (segments.isEmpty()) {
            return new SegmentTail(Optional.empty(), 0, 1, new RecentIds());
        }
        var last = segments.get(segments.size() - 1);
        var tail = read(last);
        try (var file = FileChannel.open(last, StandardOpenOption.WRITE)) {
            file.truncate(tail.bytes());
        }
        return tail;
    }

    private static SegmentTail read(Path file) throws IOException {
        var ids = new RecentIds();
        long nextSeq = firstSeq(file);
        long wholeLines = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), READ_BYTES)) {
            for (byte[] line = readLine(in); line != null; line = readLine(in)) {
                var entry = parse(file, nextSeq, line);
                if (entry.seq() != nextSeq) {
                    throw new IOException(file + ": seq " + entry.seq() + " stands where " + nextSeq + " was expected");
                }
                ids.add(entry.recordId());
                nextSeq++;
                wholeLines += line.length + 1L;
            }
        }
        return new SegmentTail(Optional.of(file), wholeLines, nextSeq, ids);
    }

    private static long firstSeq(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try {
            return Long.parseLong(name.substring(0, name.indexOf('.')));
        } catch (NumberFormatException e) {
            throw new IOException(file + ": the name of a segment is its first seq", e);
        }
    }

    private static Entry parse(Path file, long seq, byte[] line) throws IOException {
        try {
            return RecordJson.decode(line, Entry.class);
        } catch (IOException e) {
            throw new IOException(file + ": the line of seq " + seq + " is damaged", e);
        }
    }

    /** The next whole line without its line break, or {@code null} where none is left. */
    private static byte @Nullable [] readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toByteArray();
            }
            line.write(next);
        }
        return null;
    }

    private record Entry(@JsonProperty(required = true) long seq, @JsonProperty(required = true) String recordId) {}
}
