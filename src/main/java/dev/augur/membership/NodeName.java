package dev.augur.membership;

import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A node's name, which stands in its data directory and so is the same after a restart. While a node runs, it holds the
 * file: a second one on the same directory has a name for this start alone, as has one that cannot write there.
 * Thread-safe.
 */
public final class NodeName {
    private static final Logger LOG = LoggerFactory.getLogger(NodeName.class);
    private static final String FILE = "node";
    private static final Pattern FORM = Pattern.compile("node-[0-9a-f]{8}");
    private static final int MOST_BYTES = 64;

    private final String text;
    private final @Nullable FileChannel held;

    private NodeName(String text, @Nullable FileChannel held) {
        this.text = text;
        this.held = held;
    }

    /** Reads or makes the name of the node with that data directory, on a worker. Never fails. */
    public static Future<NodeName> claim(Vertx vertx, Path directory) {
        var worker = new WorkerPool(vertx, "augur-node-name", /* workers= */ 1, /* queue= */ 0);
        return worker.run(() -> claim(directory, vertx.isClustered())).onComplete(claimed -> worker.close());
    }

    /** The name, such as {@code node-1f3c9a70}. */
    public String text() {
        return text;
    }

    /** The node has stopped; another one may have the name. */
    public void release() {
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                LOG.debug("the file of the node's name was not closed", e);
            }
        }
    }

    /** As {@link #claim(Vertx, Path)}; to a node that is alone its name matters little, so it is told less loudly. */
    static NodeName claim(Path directory, boolean clustered) {
        try {
            Files.createDirectories(directory);
            var file = FileChannel.open(
                    directory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            var name = held(file);
            if (name == null) {
                file.close();
            }
            return name == null ? passing() : name;
        } catch (IOException e) {
            LOG.atLevel(clustered ? Level.WARN : Level.DEBUG)
                    .log("the node's name is not kept, since {} cannot be written: {}", directory, e.toString());
            return passing();
        }
    }

    private static @Nullable NodeName held(FileChannel file) throws IOException {
        try {
            if (file.tryLock() == null) {
                return null;
            }
        } catch (OverlappingFileLockException heldInThisJvm) {
            return null;
        }
        var bytes = ByteBuffer.allocate(MOST_BYTES);
        file.read(bytes, 0);
        String found = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).trim();
        if (FORM.matcher(found).matches()) {
            return new NodeName(found, file);
        }
        String made = passing().text;
        file.truncate(0);
        file.write(ByteBuffer.wrap((made + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return new NodeName(made, file);
    }

    private static NodeName passing() {
        return new NodeName("node-" + UUID.randomUUID().toString().substring(0, 8), null);
    }
}
