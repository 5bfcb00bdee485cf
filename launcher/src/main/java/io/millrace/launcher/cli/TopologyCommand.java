package io.millrace.launcher.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.stages.ChainPlan;
import io.millrace.stages.HookStages;
import io.millrace.stages.HookStagesConfig;
import io.millrace.stages.plan.MermaidDrawing;
import io.millrace.stages.plan.PlanView;
import io.millrace.stages.plan.SvgDrawing;
import io.millrace.stages.plan.TextDrawing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Draws the plan of the hook stages. */
@Command(
    name = "topology",
    description =
        "Draw the plan that the configured chain of hooks leads to: stage groups, hooks, topics,"
            + " stores. Starts nothing.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace topology",
      "  millrace topology --config millrace.yaml --format svg --output plan.svg",
      "  millrace topology --json"
    })
final class TopologyCommand implements Callable<Integer> {

  /** How the plan is written. */
  enum Format {
    TEXT,
    MERMAID,
    SVG,
    JSON,
    STREAMS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES}; streams is Kafka Streams' own description. Default: text.")
  private @Nullable Format format;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write it. Default: standard output.")
  private @Nullable Path output;

  @Override
  public Integer call() {
    String drawing = drawing(wanted()).stripTrailing();
    if (output == null) {
      spec.commandLine().getOut().println(drawing);
    } else {
      write(output, drawing + "\n");
    }
    return 0;
  }

  private Format wanted() {
    if (json && format != null && format != Format.JSON) {
      throw new ParameterException(
          spec.commandLine(), "--json and --format " + format + " exclude each other");
    }
    if (json) {
      return Format.JSON;
    }
    return format == null ? Format.TEXT : format;
  }

  private String drawing(Format wanted) {
    MillraceConfig config = global.loadConfig().config();
    try (Plugins plugins = Plugins.load(config, global.dataDir())) {
      HookStagesConfig hooks = new ServiceConfigs(config, global.dataDir()).hooks(plugins.hooks());
      return drawing(wanted, config, hooks);
    }
  }

  private static String drawing(Format wanted, MillraceConfig config, HookStagesConfig hooks) {
    PlanView view =
        new PlanView(
            ChainPlan.of(hooks, config.topicCatalogue()),
            config.topicCatalogue(),
            List.copyOf(config.providers().keySet()),
            config.stages().deploy(),
            hooks.applicationId());
    return switch (wanted) {
      case TEXT -> TextDrawing.of(view);
      case MERMAID -> MermaidDrawing.of(view);
      case SVG -> SvgDrawing.of(view);
      case JSON -> PlanJson.of(view);
      case STREAMS ->
          HookStages.describe(hooks, config.topicCatalogue(), new SimpleMeterRegistry());
    };
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot write %s (%s): name a file in a folder that exists"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
