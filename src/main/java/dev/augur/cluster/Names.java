package dev.augur.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks names up on threads of its own, so that a server of names that does not answer holds up nobody: the JDK waits
 * for it for ten seconds and more, and cannot be told to stop. A name that is being looked up is not asked for once
 * more, so there are as many questions as names at most. Thread-safe.
 */
final class Names {
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);
    private static final Pattern NUMBERS =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}|.*:.*|\\[.*");
    private static final int THREADS = 16; // none of them while nothing is asked
    private static final long IDLE_SECONDS = 1;

    private final Lookup lookup;
    private final ThreadPoolExecutor threads;
    private final Map<String, Consumer<List<InetAddress>>> asking = new ConcurrentHashMap<>();

    /** Where the addresses of a name come from; may block. */
    interface Lookup {
        /** Fails with an {@link UnknownHostException} where there are none. */
        InetAddress[] of(String name) throws UnknownHostException;
    }

    Names(Lookup lookup) {
        this.lookup = lookup;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    var thread = new Thread(work, "augur-names");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Asks for the addresses of a name.
     *
     * @param found told them, or that there are none, on another thread; it is not told any more once somebody else
     *     has asked for the same name
     */
    void find(String name, Consumer<List<InetAddress>> found) {
        if (asking.put(name, found) == null) {
            threads.execute(() -> {
                var addresses = addresses(name);
                var waits = asking.remove(name);
                if (waits != null) {
                    waits.accept(addresses);
                }
            });
        }
    }

    /** Whether that is a name, and no address in numbers. */
    static boolean isName(String host) {
        return !NUMBERS.matcher(host).matches();
    }

    /** An address and a port, as Hazelcast takes them. */
    static String place(InetAddress address, int port) {
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** What a name stands for, or that it stands for nothing. */
    private record Found(String name, List<InetAddress> addresses) {}

    /**
     * These addresses, {@code host:port}, with what names stand for in their place, as far as that is known in time;
     * names of which it is not are left out. Waits on its caller's thread.
     */
    List<String> inNumbers(List<String> addresses, Duration limit) {
        var known =
                found(addresses.stream().map(Names::host).filter(Names::isName).collect(Collectors.toSet()), limit);
        return addresses.stream()
                .flatMap(text -> isName(host(text))
                        ? known.getOrDefault(host(text), List.of()).stream()
                                .map(address -> place(
                                        address,
                                        Integer.parseInt(
                                                text.substring(host(text).length() + 1))))
                        : Stream.of(text))
                .toList();
    }

    private Map<String, List<InetAddress>> found(Set<String> names, Duration limit) {
        var answers = new LinkedBlockingQueue<Found>();
        names.forEach(name -> find(name, found -> answers.add(new Found(name, found))));
        var known = new HashMap<String, List<InetAddress>>();
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (known.size() < names.size()) {
                var next = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    break;
                }
                known.put(next.name(), next.addresses());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var unknown = new TreeSet<>(names);
        unknown.removeIf(name -> !known.getOrDefault(name, List.of()).isEmpty());
        if (!unknown.isEmpty()) {
            LOG.warn("cluster.members: {}: no address is known, or not within {} ms", unknown, limit.toMillis());
        }
        return known;
    }

    private static String host(String text) {
        return text.substring(0, Math.max(0, text.lastIndexOf(':')));
    }

    /** Those of the kind that the JDK puts first, by which Hazelcast goes, too. */
    private List<InetAddress> addresses(String name) {
        try {
            var all = lookup.of(name);
            return Stream.of(all)
                    .filter(address -> address.getClass() == all[0].getClass())
                    .toList();
        } catch (UnknownHostException | RuntimeException none) {
            return List.of();
        }
    }
}
