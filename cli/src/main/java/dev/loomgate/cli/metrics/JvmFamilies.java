package dev.loomgate.cli.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.loomgate.cli.live.OwnMemory;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Metrics of the JVM and its process, by the names that Prometheus's clients give them.
final class JvmFamilies {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private JvmFamilies() {}

    static void write(OwnMemory own, Exposition page) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Map<String, MemoryUsage> areas = new LinkedHashMap<>();
        areas.put("heap", memory.getHeapMemoryUsage());
        areas.put("nonheap", memory.getNonHeapMemoryUsage());
        page.gauge("jvm_memory_used_bytes", "Memory of the JVM that is in use.");
        memory(areas, MemoryUsage::getUsed, page);
        page.gauge("jvm_memory_committed_bytes", "Memory that the JVM has of the system.");
        memory(areas, MemoryUsage::getCommitted, page);
        page.gauge("jvm_memory_max_bytes", "Memory that the JVM may have; -1 without a limit.");
        memory(areas, MemoryUsage::getMax, page);
        page.summaries("jvm_gc_collection_seconds", "Time that garbage collectors have taken.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            page.summary(
                    Labels.of("gc", collector.getName()),
                    Math.max(0, collector.getCollectionCount()),
                    Math.max(0, collector.getCollectionTime()) / MILLIS);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        page.gauge("jvm_threads_current", "Platform threads of the JVM.").value(Labels.NONE, threads.getThreadCount());
        page.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.")
                .value(Labels.NONE, ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
        page.gauge("process_resident_memory_bytes", "Resident memory of the JVM's process.")
                .value(Labels.NONE, own.residentBytes());
        page.gauge("process_virtual_memory_bytes", "Address space of the JVM's process.")
                .value(Labels.NONE, own.addressBytes());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            page.counter("process_cpu_seconds_total", "CPU time of the JVM's process, without Python's workers.")
                    .value(Labels.NONE, system.getProcessCpuTime() / NANOS);
            page.gauge("process_open_fds", "Files and sockets that the JVM's process has open.")
                    .value(Labels.NONE, system.getOpenFileDescriptorCount());
            page.gauge("process_max_fds", "How many it may have open.")
                    .value(Labels.NONE, system.getMaxFileDescriptorCount());
        }
    }

    private static void memory(Map<String, MemoryUsage> areas, ToLongFunction<MemoryUsage> figure, Exposition page) {
        areas.forEach((area, usage) -> page.value(Labels.of("area", area), figure.applyAsLong(usage)));
    }
}
