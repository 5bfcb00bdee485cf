package io.millrace.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * Processor time of processes together, user and system: on a busy machine a steadier figure than
 * time on the clock.
 */
record CpuTime(List<ProcessHandle> processes) {

  CpuTime {
    processes = List.copyOf(processes);
  }

  Duration used() {
    return processes.stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
