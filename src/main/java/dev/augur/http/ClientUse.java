package dev.augur.http;

import dev.augur.metrics.ClientMeters.Reason;
import java.util.Optional;

/**
 * What one client has under way: buckets that fill with time, of requests and of bytes, and a count. The bytes of a
 * request are known when it is over, so they are owed then, and refused is who owes any. Thread-safe: a lock for a few
 * steps.
 */
final class ClientUse {
    private static final double NANOS = 1e9;

    private final HttpConfig.Clients limits;
    private double requests; // that may come at once
    private double bytes; // below zero they are owed
    private int inFlight;
    private long filledNanos;

    ClientUse(HttpConfig.Clients limits, long nowNanos) {
        this.limits = limits;
        this.requests = limits.burst();
        this.bytes = limits.bytesPerSecond();
        this.filledNanos = nowNanos;
    }

    /** Why a request is refused, and after how many seconds it would not be. */
    record Refusal(Reason reason, long seconds) {}

    /** A request comes. Where it is not refused, it has to be ended. */
    synchronized Optional<Refusal> begin(long nowNanos) {
        fill(nowNanos);
        if (limits.inFlight() > 0 && inFlight >= limits.inFlight()) {
            return Optional.of(new Refusal(Reason.IN_FLIGHT, 1));
        }
        if (limits.bytesPerSecond() > 0 && bytes < 0) {
            return Optional.of(new Refusal(Reason.BYTES, seconds(-bytes / limits.bytesPerSecond())));
        }
        if (limits.requestsPerSecond() > 0) {
            if (requests < 1) {
                return Optional.of(new Refusal(Reason.RATE, seconds((1 - requests) / limits.requestsPerSecond())));
            }
            requests--;
        }
        inFlight++;
        return Optional.empty();
    }

    /** It is over, with so many bytes in and out. */
    synchronized void end(long moved) {
        inFlight--;
        bytes -= moved;
    }

    private void fill(long nowNanos) {
        double seconds = Math.max(0, nowNanos - filledNanos) / NANOS;
        filledNanos = nowNanos;
        requests = Math.min(limits.burst(), requests + seconds * limits.requestsPerSecond());
        double bytesPerSecond = (double) limits.bytesPerSecond();
        bytes = Math.min(bytesPerSecond, bytes + seconds * bytesPerSecond);
    }

    private static long seconds(double exact) {
        return Math.max(1, (long) Math.ceil(exact));
    }
}
