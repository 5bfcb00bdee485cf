package io.millrace.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Questions about routing. */
@Command(
    name = "route",
    description = "Show where requests go.",
    mixinStandardHelpOptions = true,
    subcommands = RouteExplainCommand.class,
    footer = {
      "",
      "Examples:",
      "  millrace route explain",
      "  millrace route explain --model gpt-4o-mini --prompt \"Prove it.\" --lane interactive"
    })
final class RouteCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which: explain");
  }
}
