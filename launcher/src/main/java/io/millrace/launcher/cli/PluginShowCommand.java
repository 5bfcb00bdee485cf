package io.millrace.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.schema.Suggestion;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one plugin. */
@Command(
    name = "show",
    description = "Show what a plugin says of itself, and the schema of its configuration.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace plugin show logging",
      "  millrace plugin show logging --json"
    })
final class PluginShowCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Parameters(paramLabel = "NAME", description = "A name that 'plugin list' shows.")
  private String name = "";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    try (PluginCatalogue plugins =
        PluginCatalogue.open(global.loadConfig().config(), global.dataDir())) {
      LoadedPlugin plugin =
          plugins
              .find(name)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "there is no plugin '%s'; %s"
                              .formatted(
                                  name,
                                  Suggestion.of(
                                      name,
                                      plugins.rows().stream().map(PluginRow::name).toList()))));
      ObjectNode metadata = metadata(plugin);
      spec.commandLine().getOut().println(json ? metadata.toPrettyString() : lines(metadata));
    }
    return 0;
  }

  /** All that is known of a plugin. */
  static ObjectNode metadata(LoadedPlugin plugin) throws JsonProcessingException {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", plugin.name())
        .put("kind", plugin.entry().kind().toString())
        .put("version", plugin.shownVersion())
        .put("source", plugin.origin())
        .put("description", plugin.entry().description());
    PluginRow.descriptor(plugin).ifPresent(hook -> addHook(node, hook));
    String schema = plugin.entry().configSchema();
    if (schema != null) {
      node.set("config_schema", JSON.readTree(schema));
    }
    return node;
  }

  /** As lines for people: a key each, the schema last and as JSON. */
  static String lines(ObjectNode metadata) {
    StringBuilder lines = new StringBuilder();
    metadata.forEachEntry(
        (key, value) ->
            lines.append(
                value.isObject()
                    ? "%s:%n%s%n".formatted(key, value.toPrettyString().indent(2).stripTrailing())
                    : "%s: %s%n".formatted(key, value.isTextual() ? value.textValue() : value)));
    return lines.toString().stripTrailing();
  }

  private static void addHook(ObjectNode node, HookDescriptor hook) {
    node.put("scope", hook.scope().name().toLowerCase(Locale.ROOT))
        .put("stateful", hook.stateful())
        .put("remote", hook.remote())
        .put("order", hook.order())
        .put("on_error", hook.onError().name().toLowerCase(Locale.ROOT))
        .put("time_budget_ms", hook.timeBudget().toMillis());
    hook.dependsOn().forEach(node.putArray("depends_on")::add);
  }
}
