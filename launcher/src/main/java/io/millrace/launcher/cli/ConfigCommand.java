package io.millrace.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.ConfigSchema;
import io.millrace.launcher.config.LoadedConfig;
import io.millrace.launcher.pipeline.ServiceChecks;
import io.millrace.plugins.schema.ConfigFault;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks and shows the configuration. */
@Command(
    name = "config",
    description = "Check, show or describe the configuration.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace config check --config millrace.yaml",
      "  millrace config show --json",
      "  millrace config schema > millrace.schema.json"
    })
final class ConfigCommand extends CommandGroup {

  @Command(
      name = "check",
      description = "Report every fault of the configuration at once; exit code 2 if there is one.",
      mixinStandardHelpOptions = true)
  int check(@Mixin GlobalOptions global) {
    LoadedConfig loaded = global.loadConfig();
    List<ConfigFault> faults = ServiceChecks.faults(loaded.config(), global.dataDir());
    if (!faults.isEmpty()) {
      throw new ConfigException(loaded.source(), faults);
    }
    out().println(loaded.source() + " is in order");
    return 0;
  }

  @Command(
      name = "show",
      description = "Print the configuration in force, defaults included, secrets masked.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin GlobalOptions global,
      @Option(names = "--json", description = "As JSON instead of YAML.") boolean json)
      throws JsonProcessingException {
    out().println(write(global.loadConfig().shown(), json));
    return 0;
  }

  @Command(
      name = "schema",
      description = "Print the JSON Schema of the configuration file, for editors.",
      mixinStandardHelpOptions = true)
  int schema() throws JsonProcessingException {
    out().println(write(ConfigSchema.load().document(), true));
    return 0;
  }

  private static String write(Object tree, boolean json) throws JsonProcessingException {
    ObjectMapper mapper =
        json
            ? new ObjectMapper()
            : YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .build();
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree).stripTrailing();
  }
}
