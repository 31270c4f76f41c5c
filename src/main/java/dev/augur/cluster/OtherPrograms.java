package dev.augur.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds addresses at which a program listens that is no member of Hazelcast: one that joins would ask it for a minute.
 * Members greet whoever greets them. Thread-safe; waits on its caller's thread, no longer than it was told to.
 */
final class OtherPrograms {
    private static final byte[] GREETING = "HZC".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final Set<String> others = new HashSet<>();

    private OtherPrograms(Selector selector) {
        this.selector = selector;
    }

    /** One address, and what it has answered. */
    private record Asked(String place, ByteBuffer answer) {}

    /**
     * Those of these addresses, {@code host:port} in numbers, that take a connection and do not greet within that time.
     * Where nobody listens, a member may come.
     */
    static Set<String> among(List<String> places, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try (var selector = Selector.open()) {
            var search = new OtherPrograms(selector);
            try {
                places.forEach(search::connect);
                search.collect(end);
            } finally {
                selector.keys().forEach(OtherPrograms::close);
            }
            return search.others;
        } catch (IOException noSelector) {
            return Set.of();
        }
    }

    private void connect(String place) {
        int colon = place.lastIndexOf(':');
        String host = place.substring(0, colon).replaceAll("[\\[\\]]", "");
        if (Names.isName(host)) {
            return;
        }
        try {
            var channel = SocketChannel.open();
            try {
                channel.configureBlocking(false);
                channel.register(
                        selector, SelectionKey.OP_CONNECT, new Asked(place, ByteBuffer.allocate(GREETING.length)));
                channel.connect(new InetSocketAddress(host, Integer.parseInt(place.substring(colon + 1))));
            } catch (IOException | RuntimeException notThere) {
                channel.close();
            }
        } catch (IOException noChannel) {
            // told by Hazelcast when it tries
        }
    }

    private void collect(long end) throws IOException {
        long left = end - System.nanoTime();
        while (left > 0 && selector.keys().stream().anyMatch(SelectionKey::isValid)) {
            selector.select(this::progress, left / 1_000_000 + 1);
            left = end - System.nanoTime();
        }
    }

    private void progress(SelectionKey key) {
        var channel = (SocketChannel) key.channel();
        var asked = (Asked) key.attachment();
        try {
            if (key.isConnectable()) {
                if (!channel.finishConnect()) {
                    return;
                }
                others.add(asked.place()); // until it has greeted
                channel.write(ByteBuffer.wrap(GREETING));
                key.interestOps(SelectionKey.OP_READ);
                return;
            }
            boolean over = channel.read(asked.answer()) < 0;
            if (asked.answer().hasRemaining() && !over) {
                return;
            }
            if (Arrays.equals(asked.answer().array(), GREETING)) {
                others.remove(asked.place());
            }
        } catch (IOException refused) {
            // nobody is there, or it wants no greeting
        }
        close(key);
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException closed) {
            // nobody uses it
        }
    }
}
