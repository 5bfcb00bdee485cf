package io.millrace.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Rate limits of a tenant. */
@Command(
    name = "limits",
    description = "Show or reset the rate limits of a tenant.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  millrace limits show team-a", "  millrace limits reset team-a"})
final class LimitsCommand extends CommandGroup {

  private static final String KEY_IS = "The tenant.";

  @Command(
      name = "show",
      description = "Show what a tenant has used of its limits.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace limits show team-a --json"})
  int show(
      @Mixin Question question,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return question.print("show", key);
  }

  @Command(
      name = "reset",
      description = "Begin a tenant's limits anew, as if nothing had been used.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace limits reset team-a"})
  int reset(
      @Mixin Question question,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return question.print("reset", key);
  }

  /** Asks the hook {@code rate-limit} where no other is named. */
  static final class Question extends TenantQuestion {

    Question() {
      super("rate-limit");
    }
  }
}
