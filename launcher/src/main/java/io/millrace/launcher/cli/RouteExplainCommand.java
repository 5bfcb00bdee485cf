package io.millrace.launcher.cli;

import com.github.freva.asciitable.AsciiTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import io.millrace.stages.routing.RouteContext;
import io.millrace.stages.routing.RouteDecision;
import io.millrace.stages.routing.RouteQuestion;
import io.millrace.stages.routing.Router;
import io.millrace.stages.routing.Routing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Decides on a request as the pipeline would, and says why. Sends nothing. */
@Command(
    name = "explain",
    description =
        "Show where a request would go now, what would be tried next, and why. With a pipeline that"
            + " runs, the health of providers and what is blocked are taken into account. Sends"
            + " nothing.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace route explain --model auto --prompt \"Write a poem about rain.\"",
      "  millrace route explain --file body.json --json"
    })
final class RouteExplainCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final int MAX_FILE_BYTES = 8 * 1024 * 1024;

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(names = "--model", paramLabel = "MODEL", description = "Default: auto, or the file's.")
  private @Nullable String model;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "default")
  private String tenant = "default";

  @Option(
      names = "--lane",
      paramLabel = "LANE",
      description = "interactive, standard or batch. Default: ${DEFAULT-VALUE}.",
      defaultValue = "standard")
  private String lane = "standard";

  @Option(names = "--prompt", paramLabel = "TEXT", description = "What is asked.")
  private @Nullable String prompt;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A chat completions body in JSON, instead of --prompt.")
  private @Nullable Path file;

  @Option(
      names = "--fallback",
      paramLabel = "MODEL",
      description = "A fallback that the request names; may be repeated.")
  private @Nullable List<String> fallbacks;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CompletionRequest request = request();
    MillraceConfig config = global.loadConfig().config();
    try (Plugins plugins = Plugins.load(config, global.dataDir());
        KnownProviders known = KnownProviders.of(cluster.find(global), config.topicCatalogue())) {
      Routing routing =
          new ServiceConfigs(config, global.dataDir())
              .hooks(plugins.hooks(), plugins.strategies())
              .routing();
      try (Router router = router(routing, known)) {
        return print(routing, router.explain(question(request)), known, request);
      }
    }
  }

  private static Router router(Routing routing, KnownProviders known) {
    return new Router(
        routing,
        known.forRouter(),
        name -> new TestEnvironment().environment(),
        new SimpleMeterRegistry());
  }

  private RouteQuestion question(CompletionRequest request) {
    Instant now = Instant.now();
    RouteContext context =
        new RouteContext(
            new RouteContext.Facts(
                tenant, "explain", lane(), now, now.plus(TIMEOUT), now, null, Map.of(), false));
    return new RouteQuestion(
        request.model(), fallbacks == null ? List.of() : fallbacks, () -> request, context);
  }

  private int print(
      Routing routing, RouteDecision decision, KnownProviders known, CompletionRequest request) {
    PrintWriter out = spec.commandLine().getOut();
    if (decision.target() == null) {
      throw new CommandFailure(routing.notFound(request.model()).message());
    }
    RouteExplanation explanation =
        RouteExplanation.of(request.model(), decision, known.description());
    if (json) {
      out.println(explanation.toJson());
      return 0;
    }
    out.println(
        AsciiTable.getTable(
            AsciiTable.NO_BORDERS, explanation.candidates(), RouteExplanation.columns()));
    out.println();
    explanation.lines().forEach(out::println);
    return 0;
  }

  private CompletionRequest request() throws IOException {
    if (file != null && prompt != null) {
      throw new ParameterException(spec.commandLine(), "--file and --prompt exclude each other");
    }
    CompletionRequest request =
        file == null ? CompletionRequest.of("auto", prompt == null ? "" : prompt) : read(file);
    return model == null ? request : request.withModel(model);
  }

  private static CompletionRequest read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new CommandFailure("%s is larger than %d bytes".formatted(file, MAX_FILE_BYTES));
    }
    try {
      return ChatCompletions.readRequest(ChatCompletions.parse(Files.readAllBytes(file)));
    } catch (InvalidBodyException e) {
      throw new CommandFailure(
          "%s is no chat completions body (%s): %s"
              .formatted(file, ErrorCode.INVALID_REQUEST.wireName(), e.getMessage()),
          e);
    }
  }

  private Lane lane() {
    try {
      return Lane.valueOf(lane.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no lane '%s': interactive, standard or batch".formatted(lane),
          e);
    }
  }
}
