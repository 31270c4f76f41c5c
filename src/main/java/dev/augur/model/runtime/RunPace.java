package dev.augur.model.runtime;

/**
 * How long the runs of a model take, and so who is to run it: whether an event loop may, and whether a further worker
 * would help those that wait. Waking one costs more than a small model's run. Guarded by its owner's lock.
 */
final class RunPace {
    /** A wait that is shorter is not worth another worker. */
    static final long WORTH_NANOS = 200_000;

    /** Longer than this no event loop is held by a run, on average. */
    static final long LOOP_NANOS = 100_000;

    /** Then an event loop turns to what else has come, and what still waits goes to workers. */
    static final long TURN_NANOS = 1_000_000;

    private static final int MEMORY = 8; // runs, about, by which the averages follow

    private long latest; // when a worker was last asked for, or began
    private long run = WORTH_NANOS; // nothing is known to be fast
    private long request;
    private double inputByte; // of the requests' inputs

    /** A worker was asked for, or begins a run. */
    void begins(long now) {
        latest = now;
    }

    /** One run, how many requests it answered, and the bytes of all their inputs. */
    void ended(long nanos, int requests, long bytes) {
        run += (nanos - run) / MEMORY;
        request += (nanos / requests - request) / MEMORY;
        inputByte += ((double) nanos / Math.max(1, bytes) - inputByte) / MEMORY;
    }

    /** Whether an event loop may run the model. */
    boolean fitsLoop() {
        return run <= LOOP_NANOS;
    }

    /** Whether one may for a request with so many bytes of inputs, which may be more than those before had. */
    boolean fitsLoop(long bytes) {
        return fitsLoop() && bytes * inputByte <= LOOP_NANOS;
    }

    /** How many requests a run on an event loop answers at most. */
    long most() {
        return Math.max(1, LOOP_NANOS / Math.max(1, request));
    }

    /** Whether the workers that run are expected to have taken all that waits within {@link #WORTH_NANOS}. */
    boolean soon(int waiting) {
        return run + waiting * request < WORTH_NANOS && System.nanoTime() - latest < WORTH_NANOS;
    }
}
