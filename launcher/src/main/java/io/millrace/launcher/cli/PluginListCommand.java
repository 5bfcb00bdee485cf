package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
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

  private static final int MAX_COLUMN_CHARACTERS = 80;

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (PluginCatalogue plugins =
        PluginCatalogue.open(global.loadConfig().config(), global.dataDir())) {
      List<PluginRow> rows = plugins.rows();
      spec.commandLine().getOut().println(json ? asJson(rows) : table(rows));
      plugins.faults().forEach(fault -> spec.commandLine().getErr().println("millrace: " + fault));
    }
    return 0;
  }

  private static String table(List<PluginRow> rows) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        rows,
        List.of(
            column("name").with(PluginRow::name),
            column("kind").with(PluginRow::kind),
            column("version").with(PluginRow::version),
            column("source").with(PluginRow::source),
            column("scope").with(PluginRow::scope),
            column("configured").with(row -> row.configured() ? "yes" : "no"),
            column("enabled").with(row -> row.enabled() ? "yes" : "no")));
  }

  private static Column column(String header) {
    return new Column()
        .header(header)
        .dataAlign(HorizontalAlign.LEFT)
        .headerAlign(HorizontalAlign.LEFT)
        .maxWidth(MAX_COLUMN_CHARACTERS);
  }

  private static String asJson(List<PluginRow> rows) {
    ArrayNode list = new ObjectMapper().createArrayNode();
    rows.forEach(list::addPOJO);
    return list.toPrettyString();
  }
}
