package io.millrace.launcher.cli;

import io.millrace.schemas.kafka.KafkaConnection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A command run inside the test's own process.
 *
 * @param exitCode what the process would end with
 * @param out what it printed
 * @param err what it complained of
 */
record CommandRun(int exitCode, String out, String err) {

  /** Against a pipeline that runs, with the configuration it was started with. */
  static CommandRun against(KafkaConnection cluster, Path configuration, String... arguments) {
    return of(
        Stream.concat(
                Stream.of(arguments),
                Stream.of(
                    "--config",
                    configuration.toString(),
                    "--bootstrap-servers",
                    cluster.bootstrapServers(),
                    "--schema-registry",
                    cluster.schemaRegistryUrl()))
            .toArray(String[]::new));
  }

  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int exitCode = commandLine.execute(arguments);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
