package io.millrace.launcher.cli;

import com.github.freva.asciitable.AsciiTable;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.ProviderAdministration;
import io.millrace.launcher.pipeline.ProviderJson;
import io.millrace.launcher.pipeline.ProviderRow;
import io.millrace.launcher.pipeline.ProviderSnapshot;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderOrder;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All about providers. */
@Command(
    name = "provider",
    description = "List, show, test, block and unblock providers and their models.",
    mixinStandardHelpOptions = true,
    subcommands = ProviderTestCommand.class,
    footer = {
      "",
      "Examples:",
      "  millrace provider list",
      "  millrace provider test openai --model gpt-4o-mini",
      "  millrace provider block openai/gpt-4o",
      "  millrace provider unblock openai/gpt-4o"
    })
final class ProviderCommand extends CommandGroup {

  private static final String BY = "millrace provider";
  private static final String TARGET = "NAME[/MODEL]";
  private static final double MICROS_PER_MILLI = 1_000;
  private static final String UNKNOWN = "-";

  @Command(
      name = "list",
      description =
          "List the configured providers and their models: keys, health and load as analytics found"
              + " them, and what is blocked. Without a pipeline that runs, what the configuration"
              + " says.",
      mixinStandardHelpOptions = true,
      footer = {"", "Examples:", "  millrace provider list", "  millrace provider list --json"})
  int list(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    List<ProviderRow> rows = rows(global, cluster);
    print(json ? ProviderJson.write(rows).toPrettyString() : table(rows));
    return 0;
  }

  @Command(
      name = "show",
      description = "Show all that is known of a provider, as JSON: one object for each model.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace provider show openai"})
  int show(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "NAME", description = "Its name in the configuration.")
          String name) {
    checked(name, global.clientConfig());
    List<ProviderRow> rows =
        rows(global, cluster).stream().filter(row -> row.provider().equals(name)).toList();
    print(ProviderJson.write(rows).toPrettyString());
    return 0;
  }

  @Command(
      name = "block",
      description =
          "Call a provider, or one of its models, no more: routing leaves it out, attempts aimed at"
              + " it go on to their fallbacks. Calls under way finish. Stays so until unblocked.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  millrace provider block openai",
        "  millrace provider block openai/gpt-4o"
      })
  int block(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = TARGET, description = "What to call no more.") String target) {
    return order(global, cluster, checked(target, global.clientConfig()), true);
  }

  @Command(
      name = "unblock",
      description =
          "Call a provider, or one of its models, again. Unblocking a provider does not unblock"
              + " models that were blocked by themselves.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace provider unblock openai"})
  int unblock(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = TARGET, description = "What to call again.") String target) {
    return order(global, cluster, parsed(target), false);
  }

  private int order(
      GlobalOptions global, ClusterOptions cluster, ProviderOrder order, boolean block) {
    new ProviderAdministration(global.clientConfig(), cluster.connection(global))
        .order(order, block, BY);
    print("ordered: %s %s; every instance follows".formatted(block ? "block" : "unblock", order));
    return 0;
  }

  private List<ProviderRow> rows(GlobalOptions global, ClusterOptions cluster) {
    MillraceConfig config = global.clientConfig();
    return cluster
        .find(global)
        .map(connection -> new ProviderAdministration(config, connection).list())
        .orElseGet(
            () -> {
              commandLine()
                  .getErr()
                  .println("millrace: no pipeline found: health and blocks are not known");
              return ProviderRow.of(config, ProviderSnapshot.EMPTY);
            });
  }

  /** What a command is about; the configuration must have it. */
  static ProviderOrder checked(String target, MillraceConfig config) {
    ProviderOrder order = parsed(target);
    try {
      ProviderAdministration.requireKnown(order, config);
      return order;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static ProviderOrder parsed(String target) {
    try {
      return ProviderOrder.of(target);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage() + ": expected NAME or NAME/MODEL", e);
    }
  }

  private void print(String text) {
    out().println(text);
  }

  private static String table(List<ProviderRow> rows) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        rows,
        List.of(
            Listing.column("provider").with(ProviderRow::provider),
            Listing.column("type").with(ProviderRow::type),
            Listing.column("model").with(row -> row.model().isEmpty() ? "(any)" : row.model()),
            Listing.column("keys").with(row -> Integer.toString(row.keys())),
            Listing.column("health").with(row -> health(row, ProviderCommand::state)),
            Listing.column("success").with(row -> health(row, ProviderCommand::success)),
            Listing.column("p50").with(row -> health(row, ProviderCommand::median)),
            Listing.column("load").with(row -> health(row, ProviderCommand::load)),
            Listing.column("blocked")
                .with(row -> row.block().map(block -> "by " + block.getBy()).orElse("no"))));
  }

  private static String health(ProviderRow row, Function<ProviderHealth, String> figure) {
    return row.health().map(figure).orElse(UNKNOWN);
  }

  private static String state(ProviderHealth health) {
    return health.getState().name().toLowerCase(Locale.ROOT);
  }

  private static String success(ProviderHealth health) {
    return health.getCalls() == 0
        ? UNKNOWN
        : String.format(Locale.ROOT, "%.1f %%", health.getSuccessRate() * 100);
  }

  private static String median(ProviderHealth health) {
    return health.getCalls() == 0
        ? UNKNOWN
        : String.format(Locale.ROOT, "%.0f ms", health.getLatencyP50Micros() / MICROS_PER_MILLI);
  }

  private static String load(ProviderHealth health) {
    return String.format(Locale.ROOT, "%.1f", health.getLoad());
  }
}
