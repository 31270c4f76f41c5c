package dev.augur.cli;

import dev.augur.scratch.ScratchFolder;
import io.vertx.core.Vertx;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport of Netty that uses what Linux and macOS offer beyond the JDK. Called once, on the main thread; blocks.
 */
final class NativeTransport {
    private static final Logger LOG = LoggerFactory.getLogger(NativeTransport.class);

    private NativeTransport() {}

    /** Says why it is not used where it should be: serving goes on without it, more slowly. */
    static void check(Vertx vertx) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (!vertx.isNativeTransportEnabled() && (system.contains("linux") || system.contains("mac"))) {
            LOG.warn(
                    "the native transport is not used, and the JDK's is slower: {}",
                    ScratchFolder.problem().orElseGet(() -> String.valueOf(vertx.unavailableNativeTransportCause())));
        }
    }
}
