package io.millrace.launcher.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints versions. */
@Command(
    name = "version",
    description = "Print the versions of Millrace, Kafka and Java.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .printf(
            "millrace %s%nkafka %s%njava %s%n",
            Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("development"),
            AppInfoParser.getVersion(),
            Runtime.version());
    return 0;
  }
}
