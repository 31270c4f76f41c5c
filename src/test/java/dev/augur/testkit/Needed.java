package dev.augur.testkit;

import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: in CI, where {@code .ci/run} installs it, it has to be there. */
public final class Needed {
    private Needed() {}

    /** Skips the test, or fails it in CI, with these words where it is not there. */
    public static void isThere(boolean there, String missing) {
        if (!there) {
            if (System.getenv("CI") != null) {
                throw new AssertionError(missing);
            }
            System.out.println("skipped: " + missing);
            Assumptions.abort(missing);
        }
    }
}
