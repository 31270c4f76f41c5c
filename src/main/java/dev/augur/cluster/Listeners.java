package dev.augur.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Which addresses take a connection. Thread-safe; waits on its caller's thread, {@link #PATIENCE} in all. */
final class Listeners {
    static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Pattern ADDRESS = Pattern.compile("\\[?(.*?)]?:([0-9]+)");

    private Listeners() {}

    /**
     * Those of these addresses, {@code host:port}, in their order. All are tried at once, and the connections closed.
     */
    static List<String> of(List<String> addresses) {
        var found = new ArrayList<String>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (var selector = Selector.open()) {
            try {
                for (String address : addresses) {
                    if (connect(selector, address)) {
                        found.add(address);
                    }
                }
                collect(selector, found, end);
            } finally {
                selector.keys().forEach(Listeners::close);
            }
        } catch (IOException noSelector) {
            return addresses; // as if all of them might
        }
        return addresses.stream().filter(found::contains).toList();
    }

    private static void collect(Selector selector, List<String> found, long end) throws IOException {
        long left = end - System.nanoTime();
        while (left > 0 && selector.keys().stream().anyMatch(SelectionKey::isValid)) {
            selector.select(
                    key -> {
                        if (connected(key)) {
                            found.add((String) key.attachment());
                        }
                        close(key);
                    },
                    left / 1_000_000 + 1);
            left = end - System.nanoTime();
        }
    }

    /** Whether it is connected already; else its key says so later, if it has one. */
    private static boolean connect(Selector selector, String text) {
        var address = ADDRESS.matcher(text);
        if (!address.matches()) {
            return false;
        }
        try {
            var channel = SocketChannel.open();
            try {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_CONNECT, text);
                boolean connected =
                        channel.connect(new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))));
                if (connected) {
                    channel.close();
                }
                return connected;
            } catch (IOException | RuntimeException notThere) {
                channel.close(); // refused at once, or a name that leads nowhere
            }
        } catch (IOException noChannel) {
            // told by Hazelcast when it tries
        }
        return false;
    }

    private static boolean connected(SelectionKey key) {
        try {
            return ((SocketChannel) key.channel()).finishConnect();
        } catch (IOException refused) {
            return false;
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException closed) {
            // nobody uses it
        }
    }
}
