package io.millrace.launcher.cli;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that become fields of a request. */
final class RequestOptions {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "provider/model, a model, an alias or auto. Default: ${DEFAULT-VALUE}.",
      defaultValue = "auto")
  private String model;

  @Option(names = "--tenant", paramLabel = "NAME", description = "Who asks.")
  private @Nullable String tenant;

  @Option(
      names = "--lane",
      paramLabel = "LANE",
      description = "interactive, standard or batch. Default: ${DEFAULT-VALUE}.",
      defaultValue = "interactive")
  private Lane lane;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The request's id; the same id is not run twice. Default: a new one.")
  private @Nullable String id;

  @Option(names = "--system", paramLabel = "TEXT", description = "A system message before it.")
  private @Nullable String system;

  @Option(names = "--max-tokens", paramLabel = "N", description = "The most tokens to generate.")
  private @Nullable Integer maxTokens;

  @Option(names = "--temperature", paramLabel = "T", description = "Sampling temperature.")
  private @Nullable Double temperature;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "From acceptance to deadline. Default: the configuration's.")
  private @Nullable Long timeoutSeconds;

  @Option(
      names = "--fallback",
      paramLabel = "PROVIDER/MODEL",
      description = "What to try when the model fails; may be repeated.")
  private List<String> fallbacks = List.of();

  /** The request for a prompt. */
  CompletionRequest request(String prompt) {
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(message("system", system));
    }
    messages.add(message("user", prompt));
    return CompletionRequest.newBuilder()
        .setRequestId(id == null ? UUID.randomUUID().toString() : id)
        .setTenant(tenant)
        .setModel(model)
        .setMessages(messages)
        .setLane(lane)
        .setMaxTokens(maxTokens)
        .setTemperature(temperature)
        .setTimeoutMillis(
            timeoutSeconds == null ? null : Duration.ofSeconds(timeoutSeconds).toMillis())
        .setFallbacks(fallbacks)
        .build();
  }

  private static Message message(String role, String text) {
    return Message.newBuilder().setRole(role).setContent(text).build();
  }
}
