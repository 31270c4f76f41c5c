package dev.augur.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The memory that this JVM may take outside its heap for bodies and tensors. Thread-safe. */
final class OutsideHeap {
    private OutsideHeap() {}

    /** What {@code -XX:MaxDirectMemorySize} says; as much as the heap where it says nothing, as the JVM has it. */
    static long bytes() {
        var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long set = jvm == null
                ? 0
                : Long.parseLong(jvm.getVMOption("MaxDirectMemorySize").getValue());
        return set == 0 ? Runtime.getRuntime().maxMemory() : set;
    }
}
