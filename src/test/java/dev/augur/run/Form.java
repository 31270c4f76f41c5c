package dev.augur.run;

/** Which form of a test of a cluster runs: the brief one of each build, or the long one of {@code -Pcluster}. */
final class Form {
    static final boolean LONG = Boolean.getBoolean("augur.cluster.long");

    private Form() {}

    /** How many, how long or how large. */
    static int of(int brief, int whole) {
        return LONG ? whole : brief;
    }
}
