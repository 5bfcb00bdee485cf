package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.freva.asciitable.AsciiTable;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.ProviderSection;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.workers.ProviderSetting;
import io.millrace.workers.ProviderTrial;
import io.millrace.workers.ProviderTrial.KeyTrial;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries a provider without a pipeline. */
@Command(
    name = "test",
    description =
        "Call a provider from here, with each of its keys: a look at its health, and one short real"
            + " call, which may cost money. Needs no pipeline. Exit code 1 when a call fails.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace provider test openai",
      "  millrace provider test openai --model gpt-4o-mini --json"
    })
final class ProviderTestCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a simulated provider without a list of models is asked for. */
  private static final String SIMULATED = "simulated";

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Parameters(paramLabel = "NAME", description = "The provider's name in the configuration.")
  private String name = "";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "As the provider names it. Default: the first of its list.")
  private @Nullable String model;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    MillraceConfig config = global.loadConfig().config();
    if (ProviderCommand.checked(name, config).model() != null) {
      throw new CommandFailure("give the model with --model, and only the provider's name here");
    }
    String asked = model(Objects.requireNonNull(config.providers().get(name)));
    List<KeyTrial> trials = trials(config, asked);
    if (trials.isEmpty()) {
      throw new CommandFailure(
          "no key of provider %s may be used for model %s: see keys[].models"
              .formatted(name, asked));
    }
    spec.commandLine().getOut().println(json ? asJson(asked, trials) : table(trials));
    return trials.stream().allMatch(KeyTrial::succeeded) ? 0 : 1;
  }

  private List<KeyTrial> trials(MillraceConfig config, String asked) throws InterruptedException {
    ProviderSetting setting =
        Objects.requireNonNull(
            new ServiceConfigs(config, global.dataDir()).providers().providers().get(name));
    try (Plugins plugins = Plugins.load(config, global.dataDir())) {
      return ProviderTrial.run(name, setting, asked, plugins.forWorkers());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private String model(ProviderSection section) {
    if (model != null) {
      return model;
    }
    if (!section.models().isEmpty()) {
      return section.models().getFirst();
    }
    if (section.type().equals(SIMULATED)) {
      return SIMULATED;
    }
    throw new CommandFailure(
        "provider %s has no list of models: say which with --model".formatted(name));
  }

  private String asJson(String asked, List<KeyTrial> trials) {
    ArrayNode list = JSON.createArrayNode();
    for (KeyTrial trial : trials) {
      list.addObject()
          .put("provider", name)
          .put("model", asked)
          .put("key", trial.key())
          .put("succeeded", trial.succeeded())
          .put("http_status", trial.httpStatus())
          .put("latency_ms", trial.latency().toMillis())
          .put("error", trial.errorCode())
          .put("message", trial.message())
          .put("health", trial.health());
    }
    return list.toPrettyString();
  }

  private static String table(List<KeyTrial> trials) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        trials,
        List.of(
            Listing.column("key").with(KeyTrial::key),
            Listing.column("call")
                .with(trial -> Objects.requireNonNullElse(trial.errorCode(), "ok")),
            Listing.column("HTTP").with(trial -> Objects.toString(trial.httpStatus(), "-")),
            Listing.column("latency").with(trial -> trial.latency().toMillis() + " ms"),
            Listing.column("health")
                .with(trial -> Objects.requireNonNullElse(trial.health(), "not offered")),
            Listing.column("message").with(KeyTrial::message)));
  }
}
