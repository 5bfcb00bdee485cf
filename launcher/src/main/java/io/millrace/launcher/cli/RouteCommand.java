package io.millrace.launcher.cli;

import picocli.CommandLine.Command;

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
      "  millrace route explain --model gpt-4o-mini --prompt \"Prove it.\" --lane batch"
    })
final class RouteCommand extends CommandGroup {}
