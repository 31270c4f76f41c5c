package dev.augur.predictionlog.sink;

import dev.augur.scratch.ScratchException;
import dev.augur.scratch.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * The native library behind a {@code compression.type} of Kafka. It is loaded from a folder that is gone afterwards,
 * since each would leave a file in the temporary folder when the process is killed or halts. Called on a worker thread;
 * blocks.
 */
final class CompressionLibrary {
    private static final int BUFFER = 512;

    private CompressionLibrary() {}

    /**
     * Loads it, unless it is loaded.
     *
     * @param type of compression, which Kafka knows; some need no library
     * @throws KafkaException when the temporary folder cannot be used
     */
    static void load(String type) {
        try (var folder = ScratchFolder.make()) {
            System.setProperty("ZstdTempFolder", folder.path().toString());
            System.setProperty("org.xerial.snappy.tempdir", folder.path().toString());
            var before = ofLz4(folder);
            try (var out = Compression.of(type)
                    .build()
                    .wrapForOutput(new ByteBufferOutputStream(BUFFER), RecordBatch.MAGIC_VALUE_V2)) {
                out.write(0);
            }
            var made = ofLz4(folder);
            made.removeAll(before);
            for (Path file : made) {
                Files.deleteIfExists(file);
            }
        } catch (ScratchException e) {
            throw new KafkaException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaException("the library for " + type + " cannot be loaded", e);
        }
    }

    /** LZ4's own files: it takes no other place for them. */
    private static Set<Path> ofLz4(ScratchFolder folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder.path().resolveSibling("."), "liblz4-java-*")) {
            var found = new HashSet<Path>();
            entries.forEach(found::add);
            return found;
        }
    }
}
