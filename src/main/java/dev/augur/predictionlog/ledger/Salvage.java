package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes damaged segments apart: lines that are as they were written go into segments of their own, a run of chained
 * lines each; what is left of a file is set aside as it stands. Memory is a place and two hashes for each line. One
 * thread; blocks.
 */
final class Salvage {
    private final WriterFolder folder;
    private final ChainCheck check;
    private final List<Line> lines = new ArrayList<>();
    private final Map<Long, String> taken = new HashMap<>(); // the hash of the line that goes on under a seq
    private final List<Path> sources = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final List<String> setAside = new ArrayList<>();

    /** A line as it was written, and where it stands. */
    private record Line(Path file, long offset, int length, long seq, String prev, String hash) {
        boolean follows(Line before) {
            return seq == before.seq + 1 && prev.equals(before.hash);
        }
    }

    /**
     * A line that is not as it was written.
     *
     * @param seq the one that was probably its own
     */
    record Damage(long seq, Fault fault) {}

    Salvage(WriterFolder folder) {
        this.folder = folder;
        this.check = new ChainCheck(folder.id(), 1);
    }

    /**
     * Takes one segment apart.
     *
     * @param kept tells of a seq whether an undamaged segment has it; such a line, which may be another, is set aside
     */
    void take(Path segment, LongPredicate kept) throws IOException {
        sources.add(segment);
        try (var reader = new SegmentReader(segment, 0);
                var rest = new Rest(segment)) {
            long last = WriterFolder.firstSeq(segment) - 1;
            for (long number = 1; reader.next(); number++) {
                long seq = check.wholeSeq(reader.buffer(), reader.from(), reader.to());
                if (seq < 0) {
                    last++;
                    damages.add(new Damage(last, new Fault(segment, number, "is not as it was written")));
                    rest.add(reader.lineOffset(), reader.offset());
                } else {
                    last = seq;
                    var line = line(segment, reader, seq);
                    var same = kept.test(seq) ? "" : taken.putIfAbsent(seq, line.hash());
                    if (same == null) {
                        lines.add(line);
                    } else if (!same.equals(line.hash())) {
                        rest.add(reader.lineOffset(), reader.offset());
                    }
                }
            }
            if (reader.tornBytes() > 0) {
                damages.add(new Damage(last + 1, new Fault(segment, 0, "ends in a torn line")));
                rest.add(reader.offset(), reader.offset() + reader.tornBytes());
            }
        }
    }

    /** What was not as it was written, in the order of the files. */
    List<Damage> damages() {
        return damages;
    }

    /** The files that what was damaged has been moved to. */
    List<String> setAside() {
        return setAside;
    }

    /**
     * Puts the lines into segments of their own and removes the files they came from. What is there is forced before
     * anything is removed, so a crash leaves lines twice, and none not at all.
     */
    List<SegmentScan> write() throws IOException {
        var runs = runs();
        var drafts = new ArrayList<Path>();
        for (List<Line> run : runs) {
            drafts.add(draft(run));
        }
        Set<Path> old = new LinkedHashSet<>(sources);
        var scans = new ArrayList<SegmentScan>();
        for (boolean replacing : new boolean[] {false, true}) {
            for (int i = 0; i < runs.size(); i++) {
                var segment = folder.segment(runs.get(i).get(0).seq());
                if (sources.contains(segment) == replacing) {
                    Files.move(
                            drafts.get(i),
                            segment,
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                    old.remove(segment);
                    scans.add(scan(segment, runs.get(i)));
                }
            }
            Markers.forceFolder(folder.path());
        }
        for (Path left : old) {
            Files.delete(left);
        }
        return scans;
    }

    private List<List<Line>> runs() {
        lines.sort(Comparator.comparingLong(Line::seq));
        var runs = new ArrayList<List<Line>>();
        Line last = null;
        for (Line line : lines) {
            if (last == null || !line.follows(last)) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(line);
            last = line;
        }
        return runs;
    }

    private Path draft(List<Line> run) throws IOException {
        var segment = folder.segment(run.get(0).seq());
        var draft = segment.resolveSibling(WriterFolder.name(segment) + ".draft");
        Files.deleteIfExists(draft);
        try (var out = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int from = 0; from < run.size(); ) { // neighbours are copied together
                int to = from + 1;
                while (to < run.size() && adjacent(run.get(to - 1), run.get(to))) {
                    to++;
                }
                var first = run.get(from);
                var last = run.get(to - 1);
                copy(first.file(), first.offset(), last.offset() + last.length() + 1, out);
                from = to;
            }
            out.force(/* metaData= */ true);
        }
        return draft;
    }

    private static boolean adjacent(Line before, Line line) {
        return before.file().equals(line.file()) && line.offset() == before.offset() + before.length() + 1;
    }

    private static Line line(Path segment, SegmentReader reader, long seq) {
        return new Line(
                segment,
                reader.lineOffset(),
                reader.to() - reader.from(),
                seq,
                LineFormat.digits(reader.buffer(), LineFormat.prevAt(reader.to())),
                LineFormat.digits(reader.buffer(), LineFormat.hashAt(reader.to())));
    }

    private static SegmentScan scan(Path segment, List<Line> run) throws IOException {
        var first = run.get(0);
        var last = run.get(run.size() - 1);
        return new SegmentScan(
                segment,
                new ChainPoint(first.seq() - 1, first.prev()),
                new ChainPoint(last.seq(), last.hash()),
                Files.size(segment),
                /* tornBytes= */ 0,
                null);
    }

    private static void copy(Path source, long from, long to, FileChannel out) throws IOException {
        try (var in = FileChannel.open(source, StandardOpenOption.READ)) {
            for (long at = from; at < to; ) {
                long copied = in.transferTo(at, to - at, out);
                if (copied <= 0) {
                    throw new IOException(source + ": was cut while it was read");
                }
                at += copied;
            }
        }
    }

    /** What is damaged in one segment, in a file that is made when it is needed. */
    private final class Rest implements AutoCloseable {
        private final Path segment;
        private @Nullable FileChannel out;

        private Rest(Path segment) {
            this.segment = segment;
        }

        private void add(long from, long to) throws IOException {
            var open = out;
            if (open == null) {
                var file = folder.freeAside(segment);
                open = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                out = open;
                setAside.add(folder.path().relativize(file).toString());
            }
            copy(segment, from, to, open);
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.force(/* metaData= */ true);
                out.close();
            }
        }
    }
}
