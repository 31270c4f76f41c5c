package dev.augur.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The memory that this process may take: the least that one of its control groups (version 1 or 2) allows, or the
 * machine has. Read here and not asked of the JVM, which takes a container for the whole machine where a kernel tells
 * of groups in another way than it expects. Thread-safe.
 *
 * @param source the file that says so
 */
public record MemoryLimit(long bytes, Path source) {
    private static final Pattern TOTAL = Pattern.compile("MemTotal: +([0-9]{1,15}) kB");
    private static final int BYTES_OF_KB = 1024;

    /** Groups of version 1 without a limit have a number near the largest there is. */
    private static final long NONE = 1L << 60;

    /**
     * Reads it.
     *
     * @param root of the file system, {@code /} but for tests
     * @return empty where nothing says so, as on macOS
     */
    public static Optional<MemoryLimit> of(Path root) {
        return Stream.concat(groups(root), machine(root)).min(Comparator.comparingLong(MemoryLimit::bytes));
    }

    private static Stream<MemoryLimit> machine(Path root) {
        var file = root.resolve("proc/meminfo");
        return lines(file).stream()
                .map(TOTAL::matcher)
                .filter(Matcher::matches)
                .map(total -> new MemoryLimit(Long.parseLong(total.group(1)) * BYTES_OF_KB, file));
    }

    /** A line is {@code number:controllers:path}; without a controller it is the one group of version 2. */
    private static Stream<MemoryLimit> groups(Path root) {
        var mount = root.resolve("sys/fs/cgroup");
        return lines(root.resolve("proc/self/cgroup")).stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> parts[1].isEmpty()
                        ? upwards(mount, parts[2], "memory.max")
                        : List.of(parts[1].split(",")).contains("memory")
                                ? upwards(mount.resolve("memory"), parts[2], "memory.limit_in_bytes")
                                : Stream.empty());
    }

    /**
     * The limits of a group and of those around it. In a container the path may be that of the host, which is not to be
     * seen there; then the mount itself is the container's group.
     */
    private static Stream<MemoryLimit> upwards(Path mount, String path, String name) {
        var group = mount.resolve(path.replaceFirst("^/+", "")).normalize();
        var inside = group.startsWith(mount) ? group : mount;
        return Stream.iterate(inside, folder -> folder != null && folder.startsWith(mount), Path::getParent)
                .map(folder -> folder.resolve(name))
                .flatMap(MemoryLimit::limit);
    }

    private static Stream<MemoryLimit> limit(Path file) {
        return lines(file).stream()
                .limit(1)
                .filter(line -> line.matches("[0-9]{1,19}"))
                .map(Double::parseDouble) // some write 2^64 - 1
                .filter(bytes -> bytes < NONE)
                .map(bytes -> new MemoryLimit(bytes.longValue(), file));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not there, on this system
        }
    }
}
