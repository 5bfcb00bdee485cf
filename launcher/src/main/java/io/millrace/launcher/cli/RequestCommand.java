package io.millrace.launcher.cli;

import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.generic.GenericData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends single requests, and shows what happened to them. */
@Command(
    name = "request",
    description = "Send a request through the pipeline, or show what happened to one.",
    mixinStandardHelpOptions = true,
    subcommands = RequestEventsCommand.class,
    footer = {
      "",
      "Examples:",
      "  millrace request send \"Why is the sky blue?\"",
      "  millrace request send --model openai/gpt-4o-mini --tenant team-a -",
      "  millrace request send \"Tell me a story\" --stream",
      "  millrace request send \"Later\" --no-wait",
      "  millrace request events my-request --follow"
    })
final class RequestCommand extends CommandGroup {

  @Command(
      name = "send",
      description = "Put a request on the requests topic and print the answer.",
      mixinStandardHelpOptions = true)
  int send(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Mixin RequestOptions options,
      @Parameters(paramLabel = "PROMPT", description = "The prompt; - reads standard input.")
          String prompt,
      @Option(
              names = "--no-wait",
              description = "Print the request's id and do not wait for its result.")
          boolean noWait,
      @Option(
              names = "--wait",
              paramLabel = "SECONDS",
              description = "How long to wait for the result. Default: ${DEFAULT-VALUE}.",
              defaultValue = "120")
          long waitSeconds,
      @Option(names = "--stream", description = "Print the answer while it comes.") boolean stream,
      @Option(names = "--json", description = "Print the whole result as JSON.") boolean json)
      throws IOException {
    KafkaConnection connection = cluster.connection(global);
    String text = prompt.equals("-") ? readStandardInput() : prompt;
    boolean streamed = stream && !json && !noWait;
    Optional<PrintWriter> live = streamed ? Optional.of(out()) : Optional.empty();
    try (RequestSender sender = RequestSender.open(connection, global, live)) {
      CompletionRequest request = options.request(text);
      request.setStream(streamed);
      String requestId = sender.send(request);
      if (noWait) {
        out().println(requestId);
        return 0;
      }
      CompletionResult result =
          sender
              .await(requestId, Duration.ofSeconds(waitSeconds))
              .orElseThrow(() -> notYet(requestId, waitSeconds));
      return print(result, json, sender.streamed());
    }
  }

  private static CommandFailure notYet(String requestId, long waitSeconds) {
    return new CommandFailure(
        ("no result for request %s after %d s; it stays in the pipeline: 'millrace tail"
                + " completions --from-beginning' shows the result when it is there")
            .formatted(requestId, waitSeconds));
  }

  private int print(CompletionResult result, boolean json, String streamed) {
    if (!streamed.isEmpty()) {
      out().println();
    }
    if (json) {
      out().println(GenericData.get().toString(result));
    }
    return switch (result.getOutcome()) {
      case Completion completion -> {
        String answer = answer(completion);
        if (!json && !streamed.equals(answer)) {
          out().println(answer);
        }
        yield 0;
      }
      case PipelineError error ->
          throw new CommandFailure(
              "the request failed with %s: %s".formatted(error.getCode(), error.getMessage()));
      default -> throw new IllegalStateException("neither a completion nor an error");
    };
  }

  private static String answer(Completion completion) {
    return AvroModel.toModel(completion).choices().stream()
        .map(choice -> choice.message().text())
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElseGet(() -> ChatCompletions.writeCompletion(AvroModel.toModel(completion)).toString());
  }

  private static String readStandardInput() throws IOException {
    return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
