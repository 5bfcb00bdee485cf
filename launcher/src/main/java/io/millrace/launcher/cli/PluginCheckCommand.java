package io.millrace.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.MillraceConfig.PluginSection;
import io.millrace.launcher.pipeline.PluginTrial;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.LoadedPlugins;
import io.millrace.plugins.PluginEntry;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries a plugin without a pipeline. */
@Command(
    name = "check",
    description =
        "Load a plugin apart from everything else, hold its configuration to its schema, start it"
            + " and stop it, and print what it is. Its settings are those of the configuration's"
            + " entry with the same source; without one it has none. Exit code 2 for a fault.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace plugin check ./my-guard",
      "  millrace plugin check my-guard.jar --config millrace.yaml",
      "  millrace plugin check com.example:my-guard:1.0.0"
    })
final class PluginCheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Parameters(
      paramLabel = "SOURCE",
      description =
          "The path of a jar, of a folder of jars or of a folder of Java source, or Maven"
              + " coordinates group:artifact:version.")
  private String source = "";

  @Override
  public Integer call() throws JsonProcessingException {
    MillraceConfig config = global.loadConfig().config();
    PrintWriter out = spec.commandLine().getOut();
    try (LoadedPlugins plugins =
        Plugins.loader(config, global.dataDir()).load("plugins", entries(config))) {
      if (!plugins.faults().isEmpty()) {
        throw new ConfigException(source, plugins.faults());
      }
      for (LoadedPlugin plugin : plugins.plugins().stream().flatMap(Optional::stream).toList()) {
        String tried = PluginTrial.run(plugin, config);
        out.println(PluginShowCommand.lines(PluginShowCommand.metadata(plugin)));
        out.println(tried);
      }
    }
    return 0;
  }

  /** The entries of this source, or all that it offers, without settings. */
  private List<PluginEntry> entries(MillraceConfig config) {
    List<PluginEntry> entries = new ArrayList<>();
    for (PluginSection section : config.plugins()) {
      if (source.equals(section.source())) {
        entries.add(Plugins.entry(section));
      }
    }
    return entries.isEmpty() ? offered(config) : entries;
  }

  private List<PluginEntry> offered(MillraceConfig config) {
    try (LoadedPlugins plugins = Plugins.loader(config, global.dataDir()).inspect(source)) {
      if (!plugins.faults().isEmpty()) {
        throw new ConfigException(source, plugins.faults());
      }
      return plugins.plugins().stream()
          .flatMap(Optional::stream)
          .map(plugin -> new PluginEntry(plugin.name(), source, null, Map.of(), Set.of()))
          .toList();
    }
  }
}
