package io.millrace.launcher.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.stages.HookStages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the plan of the hook stages. */
@Command(
    name = "topology",
    description = "Print the plan the configured chain of hooks leads to: sources, nodes, stores.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  millrace topology --config millrace.yaml"})
final class TopologyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Override
  public Integer call() {
    MillraceConfig config = global.loadConfig().config();
    try (Plugins plugins = Plugins.load(config, global.dataDir())) {
      spec.commandLine()
          .getOut()
          .println(
              HookStages.describe(
                      new ServiceConfigs(config, global.dataDir()).hooks(plugins.hooks()),
                      config.topicCatalogue(),
                      new SimpleMeterRegistry())
                  .stripTrailing());
    }
    return 0;
  }
}
