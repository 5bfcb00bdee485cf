package io.millrace.launcher.cli;

import java.util.Optional;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/** What {@code version}, and {@code --version} after any command, print. */
final class Versions implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "millrace "
          + Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
              .orElse("development"),
      "kafka " + AppInfoParser.getVersion(),
      "java " + Runtime.version()
    };
  }
}
