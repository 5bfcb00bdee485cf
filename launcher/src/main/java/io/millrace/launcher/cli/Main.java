package io.millrace.launcher.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Where the program starts. */
public final class Main {

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
    return new CommandLine(new MillraceCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureMessages())
        .setParameterExceptionHandler(new UsageMessages());
  }
}
