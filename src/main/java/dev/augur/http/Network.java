package dev.augur.http;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses, {@code 10.0.0.0/8} or {@code 2001:db8::/32}; an address alone is a range of one. Immutable,
 * thread-safe.
 */
public final class Network {
    private static final int V4_BYTES = 4;
    private static final int MAPPED_BITS = 96; // ::ffff:10.0.0.0/104 is 10.0.0.0/8

    private final byte[] start;
    private final int bits;

    private Network(byte[] start, int bits) {
        this.start = start;
        this.bits = bits;
    }

    /** Reads one; empty for what is none, also where bits are set behind its prefix. Asks no name server. */
    public static Optional<Network> parse(String text) {
        String[] parts = text.split("/", -1);
        byte[] start = address(parts[0]);
        if (start == null || parts.length > 2) {
            return Optional.empty();
        }
        boolean mapped = start.length == V4_BYTES && parts[0].indexOf(':') >= 0;
        int all = start.length * Byte.SIZE;
        int bits = parts.length == 1 ? all : bits(parts[1]) - (mapped ? MAPPED_BITS : 0);
        var network = new Network(start, bits);
        boolean whole = bits >= 0 && bits <= all && Arrays.equals(prefix(start, bits), start);
        return whole ? Optional.of(network) : Optional.empty();
    }

    private static int bits(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    /** The bytes of an address in digits, 4 where it is one of IPv4 in the form of IPv6; {@code null} for any other. */
    static byte @Nullable [] address(String text) {
        int zone = text.indexOf('%');
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(zone < 0 ? text : text.substring(0, zone));
        return bytes == null || bytes.length == V4_BYTES || !isMapped(bytes)
                ? bytes
                : Arrays.copyOfRange(bytes, bytes.length - V4_BYTES, bytes.length);
    }

    private static boolean isMapped(byte[] v6) {
        for (int i = 0; i < v6.length - V4_BYTES - 2; i++) {
            if (v6[i] != 0) {
                return false;
            }
        }
        return v6[10] == (byte) 0xff && v6[11] == (byte) 0xff;
    }

    /** The address with nothing set behind so many bits. */
    static byte[] prefix(byte[] address, int bits) {
        byte[] start = address.clone();
        for (int i = 0; i < start.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
            start[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return start;
    }

    /** Whether an address is in it. */
    boolean holds(byte[] address) {
        return address.length == start.length && Arrays.equals(prefix(address, bits), start);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network network && bits == network.bits && Arrays.equals(start, network.start);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(start) + bits;
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(start) + "/" + bits;
    }
}
