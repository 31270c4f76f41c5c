package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a writer as they were when they were last counted; the newest, which grows, is the last. One thread;
 * blocks.
 */
final class SegmentSizes {
    private final WriterFolder folder;
    private final Map<Path, Long> sizes;

    private SegmentSizes(WriterFolder folder, Map<Path, Long> sizes) {
        this.folder = folder;
        this.sizes = sizes;
    }

    /** As they are now. */
    static SegmentSizes of(WriterFolder folder) throws IOException {
        var sizes = new LinkedHashMap<Path, Long>();
        for (Path file : folder.segments()) {
            sizes.put(file, Files.size(file));
        }
        return new SegmentSizes(folder, sizes);
    }

    /** One was finished, and the next begun. */
    void begun(SegmentFile finished, Path next) {
        sizes.put(finished.path(), finished.bytes());
        sizes.put(next, 0L);
    }

    /** One was removed as it should be; returns its size. */
    long removed(Path segment) {
        var size = sizes.remove(segment);
        return size == null ? 0 : size;
    }

    long total() {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * What was done to the segment being written, to what stands beside it, or to the older ones; {@code null} if
     * nothing was.
     */
    @Nullable
    String disturbance(SegmentFile newest, FolderLock lock) throws IOException {
        var what = newest.disturbance();
        if (what != null) {
            return newest.path() + ": " + what;
        }
        if (!lock.inPlace()) {
            return folder.path() + ": its lock was removed or replaced";
        }
        if (!Files.exists(folder.markers().headFile())) {
            return folder.markers().headFile() + ": was removed";
        }
        return disturbance();
    }

    /** What was done to the older segments since; {@code null} if nothing was. */
    private @Nullable String disturbance() throws IOException {
        var before = List.copyOf(sizes.keySet());
        var now = new HashSet<>(folder.segments());
        for (Path segment : before) {
            if (!now.contains(segment)) {
                return segment + ": was removed or renamed";
            }
        }
        if (now.size() > before.size()) {
            return folder.path() + ": has segments that this writer did not make";
        }
        for (Path segment : before.subList(0, Math.max(0, before.size() - 1))) {
            if (Files.size(segment) != sizes.getOrDefault(segment, 0L)) {
                return segment + ": was changed by somebody else";
            }
        }
        return null;
    }
}
