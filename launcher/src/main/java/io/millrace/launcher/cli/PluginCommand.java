package io.millrace.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All about plugins; each subcommand is a class, listed here. */
@Command(
    name = "plugin",
    description = "List, show, check and begin plugins.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PluginListCommand.class,
      PluginShowCommand.class,
      PluginCheckCommand.class,
      PluginNewCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  millrace plugin new hook my-guard",
      "  millrace plugin check my-guard",
      "  millrace plugin list"
    })
final class PluginCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which: list, show, check or new");
  }
}
