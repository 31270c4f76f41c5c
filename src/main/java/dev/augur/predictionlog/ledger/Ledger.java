package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The prediction log of one writer on disk; the package says how it lies there. One user at a time, on a worker thread, but for
 * {@link #storedSeq} and {@link #bytes}, which are thread-safe; blocks.
 */
public final class Ledger implements Closeable {
    /*
     * A group is acknowledged only after it has been written whole and, with fsync, forced. Until then nothing of it counts:
     * `end`, `recentIds` and the segment's committed length still are those of the last group, and what a failed write left
     * behind is cut off before the next one.
     *
     * After a failed force nobody knows which pages of the file are on the disk, and the system may say so only once. So nothing
     * is ever acknowledged through that descriptor again: the file is opened anew, cut to its last group, which an earlier force
     * had confirmed, and left; what follows goes into a new segment.
     */
    private final FolderLock lock;
    private final WriterFolder folder;
    private final LedgerConfig config;
    private final LedgerOptions options;
    private final SegmentOpener opener;
    private final ByteBuffer buffer = SegmentFile.buffer();
    private final RecentIds recentIds;
    private final ChainWriter chain;
    private final List<String> notes;
    private SegmentFile segment;
    private boolean forceFailed;
    private ChainPoint end;
    private volatile long storedSeq;
    private final AtomicLong bytes = new AtomicLong();

    @SuppressWarnings("NullAway.Init") // segment is set before the constructor's only caller returns
    private Ledger(FolderLock lock, Recovery.Recovered recovered, Parts parts, List<String> notes) {
        this.lock = lock;
        this.folder = lock.folder();
        this.config = parts.config();
        this.options = parts.options();
        this.opener = parts.options().opener();
        this.recentIds = recovered.recentIds();
        this.notes = List.copyOf(notes);
        this.end = recovered.end();
        this.storedSeq = end.seq();
        this.chain = new ChainWriter(folder.id(), end);
    }

    /** What a ledger is made of. */
    private record Parts(LedgerConfig config, LedgerOptions options) {}

    /** Opens the ledger below a directory, without repair and without followers. */
    public static Ledger open(Path directory, LedgerConfig config) throws IOException {
        return open(directory, config, LedgerOptions.plain());
    }

    /**
     * Opens the ledger below a directory, which is created if it is not there.
     *
     * @throws DamagedLedgerException if something in it is not as it was written, and it is not to be repaired
     * @throws IOException if the directory cannot be written; the message names the file
     */
    public static Ledger open(Path directory, LedgerConfig config, LedgerOptions options) throws IOException {
        var lock = FolderLock.claim(directory);
        try {
            var notes = new ArrayList<String>();
            if (options.repair()) {
                notes.addAll(new Repair(lock.folder(), Instant.now()).run());
            }
            var recovered = new Recovery(lock.folder()).run(config.startCheckBytes());
            notes.addAll(recovered.notes());
            var ledger = new Ledger(lock, recovered, new Parts(config, options), notes);
            ledger.begin(recovered);
            return ledger;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Writes a group of entries; when this returns, every one of them is stored, and survives the process (and the machine, with
     * {@code fsync}). An entry whose id was stored lately is not written again.
     *
     * @return the lines written, without line feeds, in order
     * @throws IOException if the group could not be stored; then none of it is, and a later group may succeed
     */
    public List<byte[]> append(List<LedgerEntry> entries) throws IOException {
        prepare();
        try {
            var ids = new HashSet<String>();
            var lines = new ArrayList<byte[]>(entries.size());
            for (LedgerEntry entry : entries) {
                if (!recentIds.contains(entry.recordId()) && ids.add(entry.recordId())) {
                    var line = chain.next(entry.json());
                    lines.add(line);
                    segment.add(line);
                }
            }
            segment.flush();
            force();
            commit(ids);
            return lines;
        } catch (IOException | RuntimeException e) {
            cutBack(e);
            throw e;
        }
    }

    /** Whether an entry of this id was stored lately, and would not be written again. */
    public boolean stored(String recordId) {
        return recentIds.contains(recordId);
    }

    /** Whether an entry fits into a line; one that does not is never stored. */
    public boolean fits(LedgerEntry entry) {
        return chain.length(entry.json()) <= LineFormat.MAX_LINE_BYTES;
    }

    /**
     * Removes segments that are older or more than is to be kept and that no follower needs.
     *
     * @return the files removed
     * @throws IOException if one cannot be read or removed
     */
    public List<Path> removeOld(Instant now) throws IOException {
        var removed =
                new Removal(folder, config.retention()).run(options.cursors().oldestNeeded(folder.id()), now);
        count();
        return removed;
    }

    /** The seq of the last line that is stored. */
    public long storedSeq() {
        return storedSeq;
    }

    /** The size of all segments of this writer. */
    public long bytes() {
        return bytes.get();
    }

    /** The writer's name, which is also that of its folder. */
    public String writer() {
        return folder.id();
    }

    /** What happened while it was opened that an operator should know: bytes cut off, files moved aside, gaps noted. */
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() throws IOException {
        try (lock;
                var open = segment) {
            if (!forceFailed) {
                open.prepare();
                open.force();
                folder.markers().head(new Head(end, WriterFolder.name(open.path())));
            }
        }
    }

    private void begin(Recovery.Recovered recovered) throws IOException {
        if (recovered.segment().isEmpty()) {
            beginSegment(null);
        } else {
            segment = new SegmentFile(recovered.segment().get(), recovered.bytes(), buffer, opener);
            try {
                segment.force();
                folder.markers().head(new Head(end, WriterFolder.name(segment.path())));
            } catch (IOException e) {
                segment.close();
                throw e;
            }
        }
        count();
    }

    /** Makes the segment ready for a group, or begins a new one. */
    private void prepare() throws IOException {
        if (forceFailed) {
            segment.reopenAndCut();
            beginSegment(segment);
            forceFailed = false;
        } else if (segment.bytes() >= config.segmentBytes()) {
            segment.prepare();
            forceOrFail();
            beginSegment(segment);
        }
        segment.prepare();
        chain.continueAfter(end);
    }

    private void force() throws IOException {
        if (config.fsync()) {
            forceOrFail();
        }
    }

    private void forceOrFail() throws IOException {
        try {
            segment.force();
        } catch (IOException e) {
            forceFailed = true;
            throw e;
        }
    }

    private void commit(Set<String> ids) {
        bytes.addAndGet(segment.commit());
        recentIds.addAll(ids);
        end = chain.point();
        storedSeq = end.seq();
    }

    private void cutBack(Exception cause) {
        try {
            segment.prepare();
        } catch (IOException e) {
            cause.addSuppressed(e); // the next group tries again before it writes
        }
    }

    /** Begins the segment after the last line. If that fails, the old one stays. */
    private void beginSegment(@Nullable SegmentFile old) throws IOException {
        var path = folder.segment(end.seq() + 1);
        Files.deleteIfExists(emptyOrFail(path));
        var fresh = new SegmentFile(path, 0, buffer, opener);
        try {
            Markers.forceFolder(folder.path());
            folder.markers().head(new Head(end, WriterFolder.name(path)));
        } catch (IOException e) {
            fresh.close();
            if (old == null || !path.equals(old.path())) {
                Files.deleteIfExists(path);
            }
            throw e;
        }
        segment = fresh;
        if (old != null) {
            old.close();
        }
    }

    private static Path emptyOrFail(Path path) throws IOException {
        if (Files.exists(path) && Files.size(path) > 0) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return path;
    }

    private void count() throws IOException {
        long total = 0;
        for (Path file : folder.segments()) {
            total += Files.size(file);
        }
        bytes.set(total);
    }
}
