package io.millrace.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** All about plugins; each subcommand is a class, listed here. */
@Command(
    name = "plugin",
    description = "List, show, check, begin and switch plugins.",
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
      "  millrace plugin list",
      "  millrace plugin disable my-guard"
    })
final class PluginCommand extends CommandGroup {

  @Command(
      name = "enable",
      description = "Let new attempts go through a hook again, on all instances that run.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace plugin enable my-guard"})
  int enable(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "NAME", description = "The hook's name in the chain.") String name) {
    return order(global, cluster, name, true);
  }

  @Command(
      name = "disable",
      description =
          "Let new attempts pass a hook by, on all instances that run; attempts that it saw before"
              + " still come back to it. Stays so when they are started again.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace plugin disable my-guard"})
  int disable(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "NAME", description = "The hook's name in the chain.") String name) {
    return order(global, cluster, name, false);
  }

  private int order(GlobalOptions global, ClusterOptions cluster, String name, boolean on) {
    HookSwitch.order(name, on, global.clientConfig(), cluster.connection(global));
    out().printf("ordered: %s %s; every instance follows%n", on ? "enable" : "disable", name);
    return 0;
  }
}
