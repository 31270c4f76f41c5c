package dev.augur.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final long MIB = 1L << 20;

    @Test
    void saysNothingWhereThereIsEnough() {
        var need = new MemoryNeed(128 * MIB, 32 * MIB, 60 * MIB);
        assertThat(need.fault(limit(512))).isEmpty();
        assertThat(need.text(limit(512)))
                .isEqualTo(
                        "440 of 512 MiB (memory.max): heap 128, bodies 32, models 120 (twice their files), the JVM 160");
    }

    @Test
    void namesTheHeapThatLeavesRoomForTheRest() {
        var need = new MemoryNeed(29_000 * MIB, 7_250 * MIB, 500 * MIB); // a JVM that does not see its container
        assertThat(need.fault(limit(2048)).orElseThrow())
                .startsWith("memory: this node may need 37410 of 2048 MiB (memory.max): heap 29000,")
                .endsWith("; start with JAVA_OPTS=-Xmx710m, or the system may kill it");
        assertThat(new MemoryNeed(710 * MIB, 177 * MIB, 500 * MIB).fault(limit(2048)))
                .isEmpty();
    }

    @Test
    void saysHowMuchTheModelsNeedWhereNoHeapWouldHelp() {
        var need = new MemoryNeed(128 * MIB, 32 * MIB, 500 * MIB);
        assertThat(need.fault(limit(512)).orElseThrow()).contains("give it 1241 MiB or more, and JAVA_OPTS=-Xmx64m");
        assertThat(new MemoryNeed(64 * MIB, 16 * MIB, 500 * MIB).fault(limit(1241)))
                .isEmpty();
    }

    private static MemoryLimit limit(long mib) {
        return new MemoryLimit(mib * MIB, Path.of("memory.max"));
    }
}
