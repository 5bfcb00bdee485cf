package io.millrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Where a figure was measured.
 *
 * @param cores processors this process may use
 * @param memoryGib physical memory
 * @param jdk vendor's version of the running JDK
 * @param heapMib the largest heap of this process
 * @param loadAverage of the machine over the last minute, as the report is made: a measure of who
 *     else was at work
 */
record Machine(
    int cores, long memoryGib, String system, String jdk, long heapMib, double loadAverage) {

  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  static Machine current() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        Math.round((double) system.getTotalMemorySize() / GIB),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.version().toString(),
        Runtime.getRuntime().maxMemory() / MIB,
        system.getSystemLoadAverage());
  }

  String describe() {
    return "%d cores, %d GiB, %s, JDK %s, heap %d MiB, load average %.1f"
        .formatted(cores, memoryGib, system, jdk, heapMib, loadAverage);
  }
}
