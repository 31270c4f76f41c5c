package dev.augur.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;

/**
 * Which addresses take a connection. Thread-safe; waits on its caller's thread, no longer than it was told to, whatever
 * servers of names and networks do.
 */
final class Listeners {
    private static final Pattern ADDRESS = Pattern.compile("\\[?(.*?)]?:([0-9]+)");
    private static final int MAX_PORT = 65_535;

    private final Names names;
    private final Duration patience;

    /**
     * Those that are found within a time.
     *
     * @param patience for all names and connections of one search together
     */
    Listeners(Names names, Duration patience) {
        this.names = names;
        this.patience = patience;
    }

    /**
     * Those of these addresses, {@code host:port}, in their order, with what a name stands for in its place: who gets
     * them need not look it up again. All are tried at once, and the connections closed.
     */
    List<String> of(List<String> addresses) {
        long end = System.nanoTime() + patience.toNanos();
        try (var selector = Selector.open()) {
            var search = new Search(selector);
            try {
                addresses.forEach(address -> search.begin(names, address));
                search.collect(end);
            } finally {
                selector.keys().forEach(Search::close);
            }
            return search.found();
        } catch (IOException noSelector) {
            return addresses; // as if all of them might
        }
    }

    /** One search, on its caller's thread; names are told from others. */
    private static final class Search {
        private final Selector selector;
        private final Map<String, Set<String>> places = new LinkedHashMap<>(); // by the address that was asked for
        private final Set<String> listening = new HashSet<>();
        private final LinkedBlockingQueue<Known> known = new LinkedBlockingQueue<>();
        private final Set<String> asked = new HashSet<>();

        /** What a name stands for, or that it stands for nothing. */
        private record Known(String name, List<InetAddress> addresses) {}

        private Search(Selector selector) {
            this.selector = selector;
        }

        private void begin(Names names, String text) {
            var address = ADDRESS.matcher(text);
            if (!address.matches() || text.length() - address.start(2) > 5 || port(text) > MAX_PORT) {
                return;
            }
            places.put(text, new LinkedHashSet<>());
            String host = address.group(1);
            if (!Names.isName(host)) {
                connect(text, text, host);
            } else if (asked.add(host)) {
                names.find(host, found -> {
                    known.add(new Known(host, found));
                    selector.wakeup();
                });
            }
        }

        private void collect(long end) throws IOException {
            long left = end - System.nanoTime();
            while (left > 0 && (!asked.isEmpty() || selector.keys().stream().anyMatch(SelectionKey::isValid))) {
                selector.select(this::outcome, left / 1_000_000 + 1);
                for (var name = known.poll(); name != null; name = known.poll()) {
                    connectAll(name);
                }
                left = end - System.nanoTime();
            }
        }

        private void connectAll(Known name) {
            asked.remove(name.name());
            for (String text : List.copyOf(places.keySet())) {
                if (text.startsWith(name.name() + ":")) {
                    name.addresses().forEach(address -> {
                        connect(text, Names.place(address, port(text)), address.getHostAddress());
                    });
                }
            }
        }

        private void outcome(SelectionKey key) {
            try {
                if (((SocketChannel) key.channel()).finishConnect()) {
                    listening.add((String) key.attachment());
                }
            } catch (IOException refused) {
                // nobody is there
            }
            close(key);
        }

        /** Its key says later whether it is connected, if it is not already. */
        private void connect(String text, String place, String host) {
            if (!places.computeIfAbsent(text, first -> new LinkedHashSet<>()).add(place)) {
                return;
            }
            try {
                var channel = SocketChannel.open();
                try {
                    channel.configureBlocking(false);
                    channel.register(selector, SelectionKey.OP_CONNECT, place);
                    if (channel.connect(new InetSocketAddress(host, port(text)))) {
                        listening.add(place);
                        channel.close();
                    }
                } catch (IOException | RuntimeException notThere) {
                    channel.close(); // refused at once
                }
            } catch (IOException noChannel) {
                // told by Hazelcast when it tries
            }
        }

        private List<String> found() {
            return places.values().stream()
                    .flatMap(Set::stream)
                    .filter(listening::contains)
                    .distinct()
                    .toList();
        }

        private static int port(String text) {
            return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
        }

        private static void close(SelectionKey key) {
            try {
                key.channel().close();
            } catch (IOException closed) {
                // nobody uses it
            }
        }
    }
}
