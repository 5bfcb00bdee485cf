package io.millrace.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.plugin.hook.Operation;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.operate.HookOperations;
import io.millrace.stages.operate.HookQuestion;
import io.millrace.stages.operate.OperationAnswer;
import io.millrace.stages.operate.OperationAnswer.Done;
import io.millrace.stages.operate.OperationAnswer.Refused;
import io.millrace.stages.operate.OperationAnswer.Unanswered;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that ask hooks about their state; use as a {@code @Mixin}. */
final class AskOptions {

  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait for the answer, at most 300. Default: ${DEFAULT-VALUE}.",
      defaultValue = "10")
  private int timeoutSeconds;

  @Option(names = "--json", description = "The answer as JSON, as the hook gave it.")
  private boolean json;

  /**
   * Asks, and returns the answer for people or as JSON.
   *
   * @throws CommandFailure when it was not done, or nobody answered
   */
  String ask(String hook, String operation, String key, Map<String, String> arguments) {
    Duration patience = Duration.ofSeconds(timeoutSeconds);
    if (timeoutSeconds < 1 || patience.compareTo(HookOperations.MAX_PATIENCE) > 0) {
      throw new CommandFailure(
          "--timeout is 1 to %d, not %d"
              .formatted(HookOperations.MAX_PATIENCE.toSeconds(), timeoutSeconds));
    }
    HookQuestion question =
        new HookQuestion(
            hook,
            key,
            new Operation(operation, arguments),
            "millrace, user " + System.getProperty("user.name"));
    return switch (ask(question, patience)) {
      case Done done -> text(done);
      case Refused refused -> throw new CommandFailure(refused.message());
      case Unanswered unanswered -> throw new CommandFailure(unanswered.message());
    };
  }

  private OperationAnswer ask(HookQuestion question, Duration patience) {
    KafkaConnection connection = cluster.connection(global);
    TopicCatalogue topics = global.clientConfig().topicCatalogue();
    PipelineTopics.require(connection, topics.operationReplies());
    try (SchemaRegistry registry = connection.openRegistry()) {
      return new HookOperations(connection, topics, registry).ask(question, patience);
    } catch (KafkaException e) {
      throw new CommandFailure(
          "Kafka at %s cannot be asked (%s): see whether it runs"
              .formatted(connection.bootstrapServers(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while waiting for the answer", e);
    }
  }

  private String text(Done done) {
    try {
      JsonNode answer = new ObjectMapper().readTree(done.json());
      return json ? answer.toPrettyString() : AnswerText.of(answer);
    } catch (JsonProcessingException e) {
      throw new CommandFailure("the hook's answer is no JSON: " + done.json(), e);
    }
  }
}
