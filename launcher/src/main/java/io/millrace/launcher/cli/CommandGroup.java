package io.millrace.launcher.cli;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing by itself: without a subcommand it says which there are. */
abstract class CommandGroup implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public final void run() {
    String names = spec.subcommands().keySet().stream().sorted().collect(Collectors.joining(", "));
    throw new ParameterException(commandLine(), "say which: " + names);
  }

  /** The command as it was called. */
  final CommandLine commandLine() {
    return spec.commandLine();
  }

  /** Where results go. */
  final PrintWriter out() {
    return commandLine().getOut();
  }
}
