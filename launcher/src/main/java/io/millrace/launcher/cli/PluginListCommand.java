package io.millrace.launcher.cli;

import com.github.freva.asciitable.AsciiTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists plugins. */
@Command(
    name = "list",
    description =
        "List the configured plugins, then those that are available: built in, or in the plugins"
            + " folder.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace plugin list",
      "  millrace plugin list --config millrace.yaml --json"
    })
final class PluginListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (PluginCatalogue plugins =
        PluginCatalogue.open(global.loadConfig().config(), global.dataDir())) {
      List<PluginRow> rows = plugins.rows();
      spec.commandLine().getOut().println(json ? Listing.asJson(rows) : table(rows));
      plugins.faults().forEach(fault -> spec.commandLine().getErr().println("millrace: " + fault));
    }
    return 0;
  }

  private static String table(List<PluginRow> rows) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        rows,
        List.of(
            Listing.column("name").with(PluginRow::name),
            Listing.column("kind").with(PluginRow::kind),
            Listing.column("version").with(PluginRow::version),
            Listing.column("source").with(PluginRow::source),
            Listing.column("scope").with(PluginRow::scope),
            Listing.column("configured").with(row -> row.configured() ? "yes" : "no"),
            Listing.column("enabled").with(row -> row.enabled() ? "yes" : "no")));
  }
}
