package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** The segments, oldest first: regular files of such names. */
    public List<Path> segments() throws IOException {
        return list(path).stream()
                .filter(file -> isSegment(name(file)) && isRegular(file))
                .toList();
    }

    /** What has the name of a segment and is none: a folder, a link, a pipe, a device, which nobody opens. */
    List<Fault> strangers() throws IOException {
        var strangers = new ArrayList<Fault>();
        for (Path file : list(path)) {
            if (isSegment(name(file)) && !isRegular(file)) {
                strangers.add(new Fault(file, 0, "has the name of a segment and is " + kind(file)));
            }
        }
        return strangers;
    }

    /** What a repair, or the server while it ran, has set aside, by name and size. */
    List<String> setAside() throws IOException {
        var damaged = path.resolve(DAMAGED);
        if (!Files.isDirectory(damaged, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        var files = new ArrayList<String>();
        for (Path file : list(damaged)) {
            files.add(
                    path.relativize(file) + (isRegular(file) ? ", " + Files.size(file) + " bytes" : ", " + kind(file)));
        }
        return files;
    }

    static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** What a file is that is no regular one, in words. */
    static String kind(Path file) {
        if (Files.isSymbolicLink(file)) {
            return "a symbolic link";
        }
        return Files.isDirectory(file) ? "a folder" : "a pipe, a socket or a device";
    }

    /** The file of the segment that begins with this seq. */
    Path segment(long firstSeq) {
        return path.resolve(String.format(Locale.ROOT, "%020d.ndjson", firstSeq));
    }

    /** The same, free to be made: an empty one is removed. */
    Path freeSegment(long firstSeq) throws IOException {
        var path = segment(firstSeq);
        if (isRegular(path) && Files.size(path) == 0) {
            Files.delete(path);
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return path;
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

    /** Moves a file into the folder of the damaged; returns its name there, which is not that of a segment. */
    String setAside(Path segment) throws IOException {
        return path.relativize(Files.move(segment, freeAside(segment))).toString();
    }

    /**
     * Gives a file that is about to be replaced a name in the folder of the damaged, too, so that at no time nothing
     * stands under its own; where that cannot be, moves it there. Returns the name.
     */
    String keepAside(Path segment) throws IOException {
        if (!isRegular(segment)) {
            return setAside(segment);
        }
        var aside = freeAside(segment);
        try {
            return path.relativize(Files.createLink(aside, segment)).toString();
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            return setAside(segment);
        }
    }

    /** A free name in the folder of the damaged for what comes from a segment. */
    Path freeAside(Path segment) throws IOException {
        var damaged = path.resolve(DAMAGED);
        if (Files.exists(damaged, LinkOption.NOFOLLOW_LINKS)
                && !Files.isDirectory(damaged, LinkOption.NOFOLLOW_LINKS)) {
            throw new DamagedLedgerException(new Fault(damaged, 0, "is no folder: it is in the way of a repair"));
        }
        Files.createDirectories(damaged);
        int copy = 1;
        while (Files.exists(damaged.resolve(name(segment) + "." + copy), LinkOption.NOFOLLOW_LINKS)) {
            copy++;
        }
        return damaged.resolve(name(segment) + "." + copy);
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
