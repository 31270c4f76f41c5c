package dev.augur.model;

import java.util.List;

/**
 * Which versions of a model are served. Thread-safe.
 *
 * @param all every version in the repository
 * @param listed these versions; empty, unless all are served, for the newest alone
 */
public record VersionPolicy(boolean all, List<String> listed) {
    /** The newest version. */
    public static final VersionPolicy LATEST = new VersionPolicy(false, List.of());

    public VersionPolicy {
        listed = List.copyOf(listed);
    }

    /**
     * The versions to serve; listed ones also when they are not there.
     *
     * @param onDisk ascending
     */
    public List<String> select(List<String> onDisk) {
        if (all || onDisk.isEmpty()) {
            return listed.isEmpty() ? onDisk : listed;
        }
        return listed.isEmpty() ? onDisk.subList(onDisk.size() - 1, onDisk.size()) : listed;
    }
}
