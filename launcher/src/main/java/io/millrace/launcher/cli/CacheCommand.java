package io.millrace.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The cache of a tenant. */
@Command(
    name = "cache",
    description = "Show or clear the cache of a tenant.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  millrace cache show team-a", "  millrace cache clear team-a"})
final class CacheCommand extends CommandGroup {

  private static final String KEY_IS =
      "The tenant; the content hash where the cache's scope is content.";

  @Command(
      name = "show",
      description = "Show how many answers a tenant's cache holds, and how it does.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace cache show team-a --json"})
  int show(
      @Mixin Question question,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return question.print("show", key);
  }

  @Command(
      name = "clear",
      description = "Remove the answers that a tenant's cache holds.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace cache clear team-a"})
  int clear(
      @Mixin Question question,
      @Parameters(paramLabel = "TENANT", description = KEY_IS) String key) {
    return question.print("clear", key);
  }

  /** Asks the hook {@code cache} where no other is named. */
  static final class Question extends TenantQuestion {

    Question() {
      super("cache");
    }
  }
}
