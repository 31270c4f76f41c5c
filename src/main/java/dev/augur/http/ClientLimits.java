package dev.augur.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.augur.metrics.ClientMeters;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What each client has under way at the ports of one node: who shows a key, a token or a certificate is a client, any
 * other is his address, and of IPv6 his network of 64 bits, as one machine has all of them. The table forgets whom it
 * has not seen for a while, and has a bound. Thread-safe.
 */
public final class ClientLimits {
    private static final int MAX_CLIENTS = 10_000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
    private static final int V6_BYTES = 16;
    private static final int NETWORK_BITS = 64;

    private final HttpConfig.Clients config;
    private final Proxies proxies;
    private final ClientMeters meters;
    private final Cache<Client, ClientUse> uses = Caffeine.newBuilder()
            .maximumSize(MAX_CLIENTS)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .executor(Runnable::run)
            .build();
    private final ConcurrentHashMap<String, Integer> connections = new ConcurrentHashMap<>(); // by address; no zeros

    /** Somebody known by name, or an address. */
    private record Client(boolean known, String name) {}

    public ClientLimits(HttpConfig config, ClientMeters meters) {
        this.config = config.clients();
        this.proxies = config.proxies();
        this.meters = meters;
        meters.watch(uses::estimatedSize);
    }

    /** What that client has under way, by whoever it is, or by the address of his request. */
    ClientUse of(@Nullable String principal, String address) {
        var client = principal == null ? new Client(/* known= */ false, group(address)) : new Client(true, principal);
        return uses.get(client, fresh -> new ClientUse(config, System.nanoTime()));
    }

    Proxies proxies() {
        return proxies;
    }

    ClientMeters meters() {
        return meters;
    }

    /**
     * Whether one more connection from there is taken; then it has to be left. A proxy may have any number, as its
     * connections are those of many.
     */
    boolean enter(@Nullable SocketAddress from) {
        String address = counted(from);
        if (address == null) {
            return true;
        }
        boolean taken = connections.merge(address, 1, Integer::sum) <= config.connections();
        if (!taken) {
            leave(from);
            meters.refused(ClientMeters.Reason.CONNECTIONS);
        }
        return taken;
    }

    /** A connection that was taken is over. */
    void leave(@Nullable SocketAddress from) {
        String address = counted(from);
        if (address != null) {
            connections.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
        }
    }

    private @Nullable String counted(@Nullable SocketAddress from) {
        if (config.connections() == 0 || !(from instanceof InetSocketAddress place) || place.getAddress() == null) {
            return null;
        }
        byte[] address = Network.address(place.getAddress().getHostAddress());
        return address == null || proxies.has(address) ? null : group(address);
    }

    private static String group(String text) {
        byte[] address = Network.address(text);
        return address == null ? text : group(address);
    }

    private static String group(byte[] address) {
        return NetUtil.bytesToIpAddress(address.length == V6_BYTES ? Network.prefix(address, NETWORK_BITS) : address);
    }
}
