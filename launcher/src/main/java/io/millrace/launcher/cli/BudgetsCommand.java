package io.millrace.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Budgets of a tenant. */
@Command(
    name = "budgets",
    description = "Show or reset the budgets of a tenant.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  millrace budgets show team-a", "  millrace budgets reset team-a"})
final class BudgetsCommand extends CommandGroup {

  private static final String KEY_IS = "The tenant.";

  @Command(
      name = "show",
      description = "Show what a tenant has spent of its budgets.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace budgets show team-a --json"})
  int show(
      @Mixin Question question,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return question.print("show", key);
  }

  @Command(
      name = "reset",
      description = "Begin a tenant's budgets anew, as if nothing had been spent.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace budgets reset team-a"})
  int reset(
      @Mixin Question question,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return question.print("reset", key);
  }

  /** Asks the hook {@code budget} where no other is named. */
  static final class Question extends TenantQuestion {

    Question() {
      super("budget");
    }
  }
}
