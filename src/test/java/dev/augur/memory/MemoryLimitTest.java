package dev.augur.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path root;

    @Test
    void theMachineIsTheLimitOfWhoIsInNoGroup() throws IOException {
        write("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:         100 kB\n");
        assertThat(MemoryLimit.of(root)).contains(new MemoryLimit(8 * GIB, root.resolve("proc/meminfo")));
    }

    @Test
    void aGroupOfVersion2AndThoseAroundItLimit() throws IOException {
        write("proc/meminfo", "MemTotal:        8388608 kB\n");
        write("proc/self/cgroup", "0::/system.slice/augur.service\n");
        write("sys/fs/cgroup/system.slice/augur.service/memory.max", "max\n");
        write("sys/fs/cgroup/system.slice/memory.max", "2147483648\n");
        assertThat(MemoryLimit.of(root))
                .contains(new MemoryLimit(2 * GIB, root.resolve("sys/fs/cgroup/system.slice/memory.max")));
        write("sys/fs/cgroup/system.slice/augur.service/memory.max", "1073741824\n");
        assertThat(MemoryLimit.of(root).orElseThrow().bytes()).isEqualTo(GIB);
    }

    @Test
    void aContainerSeesItsGroupAsTheRoot() throws IOException {
        write("proc/self/cgroup", "0::/../../kubepods/pod1\n");
        write("sys/fs/cgroup/memory.max", "469762048\n");
        assertThat(MemoryLimit.of(root).orElseThrow().bytes()).isEqualTo(469762048);
    }

    @Test
    void aGroupOfVersion1IsFoundByItsControllerAlsoWhereItsPathIsTheHosts() throws IOException {
        write("proc/self/cgroup", "12:cpu,cpuacct:/docker/ab\n4:hugetlb,memory:/docker/ab\n0::/docker/ab\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
        assertThat(MemoryLimit.of(root))
                .contains(new MemoryLimit(GIB / 2, root.resolve("sys/fs/cgroup/memory/memory.limit_in_bytes")));
    }

    @Test
    void noLimitIsNone() throws IOException {
        write("proc/self/cgroup", "4:memory:/\n0::/\n");
        for (String none : new String[] {"9223372036854771712", "18446744073709551615", "", "what"}) {
            write("sys/fs/cgroup/memory/memory.limit_in_bytes", none + "\n");
            assertThat(MemoryLimit.of(root)).as(none).isEmpty();
        }
    }

    @Test
    void thisMachineHasOne() {
        assertThat(MemoryLimit.of(Path.of("/")).orElseThrow().bytes()).isGreaterThan(100L << 20);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }
}
