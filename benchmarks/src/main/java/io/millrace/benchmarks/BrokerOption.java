package io.millrace.benchmarks;

import picocli.CommandLine.Option;

/** Where a scenario's broker runs. */
final class BrokerOption {

  @Option(names = "--broker", description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Cluster.Placement broker = Cluster.Placement.PROCESS;

  Cluster.Placement placement() {
    return broker;
  }
}
