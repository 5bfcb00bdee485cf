package io.millrace.launcher.batch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs files of prompts. */
@Command(
    name = "batch",
    description = "Run a file of prompts.",
    mixinStandardHelpOptions = true,
    subcommands = BatchRunCommand.class)
public final class BatchCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which: run");
  }
}
