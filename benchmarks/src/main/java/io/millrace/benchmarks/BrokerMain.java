package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The process that holds broker and registry while another measures. */
@Command(name = BrokerMain.NAME, hidden = true)
final class BrokerMain implements Callable<Integer> {

  static final String NAME = "broker-process";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FOLDER")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    try (Cluster.InProcess cluster = Cluster.InProcess.start(folder)) {
      ParentProcess.tell(
          ParentProcess.READY,
          cluster.connection().bootstrapServers() + " " + cluster.registry().url());
      ParentProcess.awaitEnd();
    }
    return 0;
  }
}
