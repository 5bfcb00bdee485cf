package io.millrace.launcher.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rate limits of a tenant. */
@Command(
    name = "limits",
    description = "Show or reset the rate limits of a tenant.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  millrace limits show team-a", "  millrace limits reset team-a"})
final class LimitsCommand implements Runnable {

  private static final String HOOK = "rate-limit";
  private static final String HOOK_IS = "The hook's name in the chain. Default: ${DEFAULT-VALUE}.";
  private static final String KEY_IS = "The tenant.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which: show or reset");
  }

  @Command(
      name = "show",
      description = "Show what a tenant has used of its limits.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace limits show team-a --json"})
  int show(
      @Mixin AskOptions ask,
      @Option(names = "--hook", paramLabel = "NAME", description = HOOK_IS, defaultValue = HOOK)
          String hook,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return print(ask.ask(hook, "show", key, Map.of()));
  }

  @Command(
      name = "reset",
      description = "Begin a tenant's limits anew, as if nothing had been used.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace limits reset team-a"})
  int reset(
      @Mixin AskOptions ask,
      @Option(names = "--hook", paramLabel = "NAME", description = HOOK_IS, defaultValue = HOOK)
          String hook,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return print(ask.ask(hook, "reset", key, Map.of()));
  }

  private int print(String answer) {
    spec.commandLine().getOut().println(answer);
    return 0;
  }
}
