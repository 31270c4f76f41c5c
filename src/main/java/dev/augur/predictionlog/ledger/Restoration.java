package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings back, while the server runs, what somebody else has done to its files: what stands in the file being written
 * is taken from the open file and put back under its name; what cannot be brought back becomes a noted gap, as at a
 * repair. One thread; blocks.
 */
final class Restoration {
    private final FolderLock lock;
    private final WriterFolder folder;

    Restoration(FolderLock lock) {
        this.lock = lock;
        this.folder = lock.folder();
    }

    /**
     * Does it.
     *
     * @param open the segment being written, as far as it is there
     * @param end the last line that was acknowledged
     * @param what was found, in words
     * @return what was done
     */
    List<String> run(SegmentFile open, ChainPoint end, String what) throws IOException {
        Files.createDirectories(folder.path());
        lock.renewIfLost();
        var notes = new ArrayList<String>();
        if (open.disturbance() == null) {
            open.prepare(); // it was something else: the file stays, without what was not committed
        } else {
            bringBack(open, notes);
        }
        Markers.forceFolder(folder.path());
        folder.markers().head(new Head(end, WriterFolder.name(open.path())));
        notes.addAll(new Repair(folder, Instant.now(), List.of(what)).run(/* checkBytes= */ 0));
        return notes;
    }

    private void bringBack(SegmentFile open, List<String> notes) throws IOException {
        var path = open.path();
        var draft = path.resolveSibling(WriterFolder.name(path) + ".saved");
        Files.deleteIfExists(draft);
        long saved = open.saveTo(draft);
        boolean empty = WriterFolder.isRegular(path) && Files.size(path) == 0;
        if (!empty && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            var aside = saved > 0 ? folder.keepAside(path) : folder.setAside(path);
            notes.add("moved to " + aside + ": what stood in its place");
        }
        if (saved > 0) {
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            notes.add(path + ": brought back " + saved + " of " + open.bytes() + " bytes");
        } else {
            Files.delete(draft);
            Files.deleteIfExists(path);
        }
    }
}
