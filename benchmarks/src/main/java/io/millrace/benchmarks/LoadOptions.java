package io.millrace.benchmarks;

import java.util.Map;
import picocli.CommandLine.Option;

/** How wide the load and the pipeline under it are. */
final class LoadOptions {

  @Option(names = "--tenants", description = "Default: ${DEFAULT-VALUE}.")
  private int tenants = 16;

  @Option(names = "--partitions", description = "Of each topic. Default: ${DEFAULT-VALUE}.")
  private int partitions = 4;

  @Option(names = "--threads", description = "Home stage threads. Default: ${DEFAULT-VALUE}.")
  private int threads = 2;

  int tenants() {
    return tenants;
  }

  int partitions() {
    return partitions;
  }

  int threads() {
    return threads;
  }

  /** Notes them for the report. */
  void addTo(Map<String, Object> settings) {
    settings.put("tenants", tenants);
    settings.put("partitions", partitions);
    settings.put("threads", threads);
  }
}
