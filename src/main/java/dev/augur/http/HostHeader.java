package dev.augur.http;

import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;

/**
 * The header {@code Host} of a request to an address. Vert.x 5.0 writes an address of IPv6 without brackets, which its
 * own server refuses. Immutable, thread-safe.
 */
final class HostHeader {
    private HostHeader() {}

    /** Of IPv6 in brackets, and without its zone, which means nothing elsewhere. */
    static HostAndPort of(SocketAddress address) {
        String host = address.host();
        if (!host.contains(":")) {
            return HostAndPort.authority(host, address.port());
        }
        int zone = host.indexOf('%');
        return HostAndPort.authority("[" + (zone < 0 ? host : host.substring(0, zone)) + "]", address.port());
    }
}
