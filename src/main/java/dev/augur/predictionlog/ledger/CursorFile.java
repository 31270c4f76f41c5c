package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Where one follower keeps how far it has read one writer's lines: a small JSON file that is replaced as a whole and
 * survives the machine. Called on a worker thread; blocks.
 */
public final class CursorFile {
    private final Path folder;
    private final String follower;
    private final String writer;

    /**
     * A file that need not be there yet.
     *
     * @param folder made when it is needed
     * @param follower a name that is fit for a file
     */
    public CursorFile(Path folder, String follower, String writer) {
        this.folder = folder;
        this.follower = follower;
        this.writer = writer;
    }

    /**
     * The cursor saved last; the start if there is none.
     *
     * @throws DamagedLedgerException if the file holds no cursor of this writer
     */
    public Cursor load() throws IOException {
        Files.createDirectories(folder);
        var cursor = new Markers(folder).cursor(name()).orElse(Cursor.start(writer));
        if (!cursor.writer().equals(writer) || cursor.seq() < 0 || cursor.offset() < 0 || !known(cursor.segment())) {
            throw new DamagedLedgerException(new Fault(path(), 0, "is no cursor of " + writer));
        }
        return cursor;
    }

    /** Whether one was saved. */
    public boolean exists() {
        return Files.exists(path(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Saves a cursor; if this fails, the one saved before stays. */
    public void save(Cursor cursor) throws IOException {
        new Markers(folder).cursor(name(), cursor);
    }

    /** The file. */
    public Path path() {
        return folder.resolve(name());
    }

    private String name() {
        return follower + "-" + writer + ".json";
    }

    private static boolean known(String segment) {
        return segment.isEmpty() || WriterFolder.isSegment(segment);
    }
}
