package dev.augur.predictionlog;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The prediction log on disk: one JSON line per record, in the order of {@link #append}, in segments
 * {@code <writer>/<first-seq>.ndjson}. Every line carries the writer and a sequence number without holes. One user at a time, on a
 * worker thread; blocks.
 */
public final class Ledger implements Closeable {
    /*
     * A line is acknowledged only after its group has been written whole. After a crash the last segment may end in a torn line,
     * which was never acknowledged: it is cut off when the ledger is opened. What a failed write left behind is
     * cut off before the next one.
     */
    private final WriterDirectory writer;
    private final PredictionLogConfig config;
    private final RecentIds recentIds;
    private FileChannel segment;
    private long nextSeq;
    private long segmentBytes;

    private Ledger(WriterDirectory writer, PredictionLogConfig config, FileChannel segment, SegmentTail tail) {
        this.writer = writer;
        this.config = config;
        this.segment = segment;
        this.nextSeq = tail.nextSeq();
        this.segmentBytes = tail.bytes();
        this.recentIds = tail.recordIds();
    }

    /**
     * Opens the ledger below a directory, which is created if it is not there.
     *
     * @throws IOException if the directory cannot be written, or a segment is damaged; the message names the file
     */
    public static Ledger open(Path directory, PredictionLogConfig config) throws IOException {
        var writer = WriterDirectory.claim(directory);
        try {
            var tail = SegmentTail.recover(writer.segments());
            var path = tail.file().orElseGet(() -> writer.segment(tail.nextSeq()));
            return new Ledger(writer, config, openSegment(path), tail);
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /**
     * Writes a group of records; when this returns, every one of them is stored, and survives the process (and the machine, with
     * {@code fsync}). A record whose id was stored lately is not written again.
     *
     * @throws IOException if the group could not be stored; then none of it is
     */
    public Appended append(List<PredictionRecord> records) throws IOException {
        if (segmentBytes >= config.segmentBytes()) {
            rotate();
        }
        var lines = new ArrayList<byte[]>(records.size());
        var ids = new HashSet<String>();
        var unwritable = new HashSet<Integer>();
        var group = new ByteArrayOutputStream();
        for (int i = 0; i < records.size(); i++) {
            var record = records.get(i);
            if (recentIds.contains(record.recordId()) || ids.contains(record.recordId())) {
                continue;
            }
            try {
                byte[] line = RecordJson.encode(new Line(writer.id(), nextSeq + lines.size(), record));
                lines.add(line);
                ids.add(record.recordId());
                group.writeBytes(line);
                group.write('\n');
            } catch (UncheckedIOException e) {
                unwritable.add(i);
            }
        }
        write(ByteBuffer.wrap(group.toByteArray()));
        nextSeq += lines.size();
        recentIds.addAll(ids);
        return new Appended(lines, unwritable);
    }

    /**
     * What became of a group.
     *
     * @param lines the lines written, without line breaks, in order
     * @param unwritable places in the group of the records that are no JSON
     */
    public record Appended(List<byte[]> lines, Set<Integer> unwritable) {
        public Appended {
            lines = List.copyOf(lines);
            unwritable = Set.copyOf(unwritable);
        }
    }

    /** The writer's name, which is also that of its folder. */
    public String writer() {
        return writer.id();
    }

    @Override
    public void close() throws IOException {
        try (writer;
                var open = segment) {
            open.force(/* metaData= */ true);
        }
    }

    private void write(ByteBuffer group) throws IOException {
        int bytes = group.remaining();
        if (segment.size() != segmentBytes) {
            segment.truncate(segmentBytes);
        }
        while (group.hasRemaining()) {
            segment.write(group);
        }
        if (config.fsync()) {
            segment.force(/* metaData= */ false);
        }
        segmentBytes += bytes;
    }

    private void rotate() throws IOException {
        segment.force(/* metaData= */ true);
        var full = segment;
        segment = openSegment(writer.segment(nextSeq));
        full.close();
        segmentBytes = 0;
    }

    private static FileChannel openSegment(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private record Line(String writerId, long seq, @JsonUnwrapped PredictionRecord record) {}
}
