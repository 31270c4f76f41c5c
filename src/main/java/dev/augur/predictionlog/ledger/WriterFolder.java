package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of one writer: which files it has and what they are called. Thread-safe; blocks. */
public final class WriterFolder {
    private static final String PREFIX = "writer-";
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{20}\\.ndjson");
    private static final String DAMAGED = "damaged";

    private final Path path;

    WriterFolder(Path path) {
        this.path = path;
    }

    /** The writers below a ledger's folder, by name; or the one, if it is itself a writer's folder. */
    public static List<WriterFolder> in(Path folder) throws IOException {
        if (isWriter(folder)) {
            return List.of(new WriterFolder(folder));
        }
        return list(folder).stream()
                .filter(WriterFolder::isWriter)
                .map(WriterFolder::new)
                .toList();
    }

    /** The writer's name. */
    public String id() {
        return name(path);
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** The segments, oldest first. */
    public List<Path> segments() throws IOException {
        return list(path).stream().filter(file -> isSegment(name(file))).toList();
    }

    /** The file of the segment that begins with this seq. */
    Path segment(long firstSeq) {
        return path.resolve(String.format("%020d.ndjson", firstSeq));
    }

    /** The seq of a segment's first line, from its name. */
    static long firstSeq(Path segment) {
        return Long.parseLong(name(segment).substring(0, 20));
    }

    static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    Markers markers() {
        return new Markers(path);
    }

    /** Moves a segment into the folder of the damaged; returns its name there, which is not that of a segment. */
    String setAside(Path segment) throws IOException {
        var damaged = Files.createDirectories(path.resolve(DAMAGED));
        int copy = 1;
        while (Files.exists(damaged.resolve(name(segment) + "." + copy))) {
            copy++;
        }
        return path.relativize(Files.move(segment, damaged.resolve(name(segment) + "." + copy)))
                .toString();
    }

    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    static boolean isWriter(Path folder) {
        return name(folder).startsWith(PREFIX) && Files.isDirectory(folder);
    }
}
