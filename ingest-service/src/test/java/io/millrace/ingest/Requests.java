package io.millrace.ingest;

import io.millrace.schemas.avro.Choice;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.model.TrustedRecords;
import java.util.List;

/** Requests, exchanges and results for tests. */
final class Requests {

  static {
    TrustedRecords.trust();
  }

  private Requests() {}

  static CompletionRequest hello() {
    return CompletionRequest.newBuilder()
        .setModel("sim/echo")
        .setMessages(List.of(message("user", "hello")))
        .build();
  }

  static Message message(String role, String text) {
    return Message.newBuilder().setRole(role).setContent(text).build();
  }

  static String chatBody(String text) {
    return "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  static Exchange exchange(String tenant, String requestId) {
    return Exchange.newBuilder()
        .setExchangeId(tenant + "/" + requestId)
        .setRequestId(requestId)
        .setTenant(tenant)
        .setRequest(hello())
        .setLane(Lane.STANDARD)
        .setAcceptedAtMillis(1_700_000_000_000L)
        .setDeadlineMillis(1_700_000_060_000L)
        .build();
  }

  /** A completion that repeats the last message. */
  static CompletionResult echo(Exchange exchange) {
    Object content = exchange.getRequest().getMessages().getLast().getContent();
    Choice choice =
        Choice.newBuilder()
            .setIndex(0)
            .setMessage(message("assistant", String.valueOf(content)))
            .setFinishReason("stop")
            .build();
    return result(
        exchange,
        Completion.newBuilder()
            .setId("c-" + exchange.getRequestId())
            .setModel("echo")
            .setCreatedSeconds(1)
            .setChoices(List.of(choice))
            .setUsage(Usage.newBuilder().setPromptTokens(1).setCompletionTokens(1).build())
            .build());
  }

  static CompletionResult failed(Exchange exchange, String code, int status) {
    return result(
        exchange,
        PipelineError.newBuilder()
            .setCode(code)
            .setCategory("RATE_LIMIT")
            .setMessage("it broke")
            .setHttpStatus(status)
            .setRetryAfterMillis(1_500L)
            .build());
  }

  private static CompletionResult result(Exchange exchange, Object outcome) {
    return CompletionResult.newBuilder()
        .setRequestId(exchange.getRequestId())
        .setTenant(exchange.getTenant())
        .setRequestedModel(exchange.getRequest().getModel())
        .setOutcome(outcome)
        .setProvider("sim")
        .setModel("echo")
        .setLane(exchange.getLane())
        .setAcceptedAtMillis(exchange.getAcceptedAtMillis())
        .setFinishedAtMillis(exchange.getAcceptedAtMillis() + 5)
        .build();
  }
}
