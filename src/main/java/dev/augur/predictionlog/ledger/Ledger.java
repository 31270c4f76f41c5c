package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
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
 * The prediction log of one writer on disk; the package says how it lies there. One user at a time, on a worker thread,
 * but for {@link #storedSeq} and {@link #bytes}, which are thread-safe; blocks.
 */
public final class Ledger implements Closeable {
    /*
     * A group is acknowledged only after it has been written whole and, with fsync, forced. Until then nothing of it
     * counts: `end`, `recentIds` and the segment's committed length still are those of the last group, and what a
     * failed write left behind is cut off before the next one.
     *
     * After a failed force nobody knows which pages of the file are on the disk, and the system may say so only once.
     * So nothing is ever acknowledged through that descriptor again: the file is opened anew, cut to its last group,
     * which an earlier force had confirmed, and left; what follows goes into a new segment.
     */
    private final FolderLock lock;
    private final WriterFolder folder;
    private final LedgerConfig config;
    private final LedgerOptions options;
    private final SegmentOpener opener;
    private final ByteBuffer buffer = SegmentFile.buffer();
    private final RecentIds recentIds;
    private final ChainWriter chain;
    private final Removal removal;
    private final EarlyForce early = new EarlyForce();
    private final List<String> notes;
    private final List<String> news = new ArrayList<>();
    private final AtomicLong restorations = new AtomicLong();
    private SegmentFile segment;
    private SegmentSizes sizes;
    private boolean forceFailed;
    private boolean closed;
    private boolean settled = true; // nothing of a group that failed may be left in the file
    private ChainPoint end;
    private volatile long storedSeq;
    private final AtomicLong bytes = new AtomicLong();

    @SuppressWarnings("NullAway.Init") // segment and sizes are set before the constructor's only caller returns
    private Ledger(FolderLock lock, Recovery.Recovered recovered, LedgerConfig config, LedgerOptions options) {
        this.lock = lock;
        this.folder = lock.folder();
        this.config = config;
        this.options = options;
        this.opener = options.opener();
        this.recentIds = recovered.recentIds();
        this.notes = recovered.notes();
        this.end = recovered.end();
        this.storedSeq = end.seq();
        this.chain = new ChainWriter(folder.id(), end);
        this.removal = new Removal(folder, config.retention());
    }

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
            var repairs = options.repair()
                    ? new Repair(lock.folder(), Instant.now(), List.of()).run(Long.MAX_VALUE)
                    : List.<String>of();
            var recovered =
                    new Recovery(lock.folder()).run(config.startCheckBytes()).after(repairs);
            var ledger = new Ledger(lock, recovered, config, options);
            ledger.begin(recovered);
            return ledger;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Writes a group of entries; when this returns, every one of them is stored, and survives the process (and the
     * machine, with {@code fsync}). An entry whose id was stored lately is not written again.
     *
     * @return the lines written, without line feeds, in order; views of one array
     * @throws IOException if the group could not be stored; then none of it is, and a later group may succeed, unless
     *     this is closed
     */
    public List<ByteBuffer> append(List<LedgerEntry> entries) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        try {
            return write(entries);
        } catch (LostFileException e) {
            restore(String.valueOf(e.getMessage()));
            return write(entries);
        }
    }

    /**
     * Looks whether somebody else has removed, replaced or cut files of this writer, and brings back what can be
     * brought back.
     *
     * @throws IOException if that is not possible now
     */
    public void check() throws IOException {
        if (closed || forceFailed || !settled) {
            return; // the next group puts that right first; once closed, the files may be another process's
        }
        var what = sizes.disturbance(segment, lock);
        if (what != null) {
            restore(what);
        }
    }

    /** What happened since the last call that an operator should know. */
    public List<String> takeNews() {
        var told = List.copyOf(news);
        news.clear();
        return told;
    }

    /** How often files were found removed, replaced or cut by somebody else. */
    public long restorations() {
        return restorations.get();
    }

    /** Whether an entry fits into a line; one that does not is never stored. */
    public boolean fits(LedgerEntry entry) {
        return chain.most(entry) <= LineFormat.MAX_LINE_BYTES;
    }

    /**
     * Removes segments that are older or more than is to be kept and that no follower needs; none when this is closed.
     *
     * @return the files removed
     * @throws IOException if one cannot be read or removed
     */
    public List<Path> removeOld(Instant now) throws IOException {
        if (closed) {
            return List.of();
        }
        long needed = options.cursors().oldestNeeded(folder.id());
        return removal.run(needed, now, new Removal.Steps() {
            @Override
            public void announce(LedgerEntry entry) throws IOException {
                var unused = append(List.of(entry));
                forceOrFail(); // whatever fsync is: the marker beside it is forced
            }

            @Override
            public void removed(Path segment) {
                bytes.addAndGet(-sizes.removed(segment));
            }
        });
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
        if (closed) {
            return;
        }
        try (lock) {
            try {
                check();
                if (!forceFailed) {
                    segment.prepare();
                    segment.force();
                    folder.markers().head(new Head(end, WriterFolder.name(segment.path())));
                }
            } finally {
                closed = true;
                segment.close();
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

    private List<ByteBuffer> write(List<LedgerEntry> entries) throws IOException {
        prepare();
        settled = false;
        try {
            var keys = new HashSet<RecordKey>(2 * entries.size());
            var lines = new GroupLines(chain, entries);
            for (LedgerEntry entry : entries) {
                if (!recentIds.contains(entry.key()) && keys.add(entry.key())) {
                    lines.add(entry);
                }
            }
            lines.addTo(segment);
            segment.flush();
            force();
            segment.requireInPlace();
            commit(keys);
            return lines.all();
        } catch (IOException | RuntimeException e) {
            cutBack(e);
            throw e;
        }
    }

    /** Brings back what can be, and goes on in a new segment: who reads the old file reads on there. */
    private void restore(String what) throws IOException {
        news.add(what);
        news.addAll(new Restoration(lock).run(segment, end, what));
        var recovered = new Recovery(folder).run(/* checkBytes= */ 0);
        segment.close();
        end = recovered.end();
        begin(recovered);
        if (segment.bytes() > 0) {
            beginSegment(segment);
        }
        storedSeq = end.seq();
        forceFailed = false;
        settled = true;
        restorations.incrementAndGet();
    }

    /** Makes the segment ready for a group, or begins a new one. */
    private void prepare() throws IOException {
        if (early.failed() || forceFailed) {
            forceFailed = true;
            segment.reopenAndCut();
            beginSegment(segment);
            forceFailed = false;
        } else if (segment.bytes() >= config.segmentBytes()) {
            segment.prepare();
            segment.requireInPlace();
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

    private void commit(Set<RecordKey> keys) {
        long added = segment.commit();
        bytes.addAndGet(added);
        if (!config.fsync()) {
            segment.forceBeside(early, added);
        }
        recentIds.addAll(keys);
        end = chain.point();
        storedSeq = end.seq();
        settled = true;
    }

    private void cutBack(Exception cause) {
        try {
            segment.prepare();
            settled = true;
        } catch (IOException e) {
            cause.addSuppressed(e); // the next group tries again before it writes
        }
    }

    /** Begins the segment after the last line. If that fails, the old one stays. */
    private void beginSegment(@Nullable SegmentFile old) throws IOException {
        var path = folder.freeSegment(end.seq() + 1);
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
            sizes.begun(old, path);
            old.close();
        }
    }

    private void count() throws IOException {
        sizes = SegmentSizes.of(folder);
        bytes.set(sizes.total());
    }
}
