package io.millrace.launcher.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace}; each subcommand is a class, listed here. */
@Command(
    name = "millrace",
    description = "A Kafka-native pipeline for LLM requests.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      RunCommand.class,
      BatchCommand.class,
      RequestCommand.class,
      TailCommand.class,
      SelfTestCommand.class,
      ConfigCommand.class,
      ProviderCommand.class,
      PluginCommand.class,
      KeysCommand.class,
      HookCommand.class,
      LimitsCommand.class,
      BudgetsCommand.class,
      CacheCommand.class,
      TopologyCommand.class,
      RouteCommand.class,
      DrainCommand.class,
      TopicsCommand.class,
      VersionCommand.class,
      AutoComplete.GenerateCompletion.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Try:",
      "  millrace up                              everything on this machine",
      "  millrace request send \"Why is the sky blue?\"",
      "  millrace batch run examples/prompts.jsonl --output results.jsonl"
    })
public final class MillraceCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do; 'millrace help' lists the commands");
  }
}
