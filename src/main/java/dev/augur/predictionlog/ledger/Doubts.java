package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a writer another writer may have as well, since their sender may not have heard that they are stored
 * here and have given them to another log. Who cannot store a record twice as well as once looks first where these go.
 * Kept in a small file in the writer's folder, from the first record of another node on. Thread-safe; {@link #open} and
 * {@link #save} are called on a worker thread and block.
 */
public final class Doubts {
    /** More than that, and what lies between the two that are nearest is in doubt as well. */
    private static final int MOST = 1_000;

    private final Markers markers;
    private final List<Lines> lines = new ArrayList<>(); // in order, and apart
    private volatile @Nullable Kept saved; // guarded by the markers

    /** Lines from one to another, both included. */
    record Lines(long first, long last) {}

    /**
     * What is in the file.
     *
     * @param settled up to which line it was known, for each, whether it is in doubt
     */
    record Kept(long settled, List<Lines> lines) {
        Kept {
            lines = List.copyOf(lines);
        }
    }

    private Doubts(Markers markers) {
        this.markers = markers;
    }

    /**
     * Those of a writer. What was stored after the file was written last is in doubt; where there is no file, nothing
     * is.
     *
     * @param stored the seq of the last line there is
     * @throws DamagedLedgerException if the file cannot be understood
     */
    public static Doubts open(Path folder, long stored) throws IOException {
        var doubts = new Doubts(new Markers(folder));
        Optional<Kept> kept = doubts.markers.doubts();
        kept.ifPresent(known -> {
            known.lines().forEach(each -> doubts.add(each.first(), Math.min(each.last(), stored)));
            doubts.add(known.settled() + 1, stored);
            doubts.saved = known;
        });
        return doubts;
    }

    /** None at all, whatever the file says. */
    public static Doubts none(Path folder) {
        return new Doubts(new Markers(folder));
    }

    /** These lines are in doubt; none if the first is behind the last. */
    public synchronized void add(long first, long last) {
        if (first > last) {
            return;
        }
        var added = new Lines(first, last);
        int at = 0;
        while (at < lines.size() && lines.get(at).last() + 1 < first) {
            at++;
        }
        while (at < lines.size() && lines.get(at).first() <= added.last() + 1) {
            added = whole(lines.remove(at), added);
        }
        lines.add(at, added);
        if (lines.size() > MOST) {
            joinNearest();
        }
    }

    /** Whether a line is in doubt. */
    public synchronized boolean contains(long seq) {
        return lines.stream().anyMatch(each -> each.first() <= seq && seq <= each.last());
    }

    /** Nobody asks any more for lines before this one. */
    public synchronized void forget(long before) {
        lines.removeIf(each -> each.last() < before);
    }

    /** Whether there is a file. */
    public boolean isKept() {
        return saved != null;
    }

    /**
     * Writes the file, if it would be another.
     *
     * @param settled up to which line it is known, for each, whether it is in doubt
     */
    public void save(long settled) throws IOException {
        synchronized (markers) { // one writes at a time; nobody else waits for the disk
            var now = now(settled);
            if (!now.equals(saved)) {
                markers.doubts(now);
                saved = now;
            }
        }
    }

    private synchronized Kept now(long settled) {
        return new Kept(settled, lines);
    }

    private void joinNearest() {
        int nearest = 1;
        for (int i = 2; i < lines.size(); i++) {
            nearest = distance(i) < distance(nearest) ? i : nearest;
        }
        lines.set(nearest - 1, whole(lines.get(nearest - 1), lines.remove(nearest)));
    }

    private long distance(int index) {
        return lines.get(index).first() - lines.get(index - 1).last();
    }

    private static Lines whole(Lines one, Lines other) {
        return new Lines(Math.min(one.first(), other.first()), Math.max(one.last(), other.last()));
    }
}
