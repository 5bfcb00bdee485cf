package io.millrace.launcher.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Where the program starts. */
public final class Main {

  /** How the program was called, for commands that are to be typed; its script says so. */
  static final String PROGRAM = System.getProperty("millrace.program", "millrace");

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    CommandLine commandLine = commandLine();
    commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    LoggingSetup.quiet(List.of(args).contains("--verbose") || List.of(args).contains("-v"));
    System.exit(commandLine.execute(args));
  }

  /** The command line with its messages and exit codes: 0 done, 1 failed, 2 wrongly called. */
  public static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new MillraceCommand())
            .setExecutionExceptionHandler(new FailureMessages())
            .setParameterExceptionHandler(new UsageMessages());
    prepare(commandLine);
    return commandLine;
  }

  /** Gives a command and all below it what no annotation can hand down. */
  private static void prepare(CommandLine command) {
    command.getCommandSpec().versionProvider(new Versions());
    Choice.register(command);
    Examples.handDown(command);
    command.getSubcommands().values().forEach(Main::prepare);
  }
}
