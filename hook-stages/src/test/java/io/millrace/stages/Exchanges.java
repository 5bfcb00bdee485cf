package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Choice;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Exchanges for tests. */
public final class Exchanges {

  /** How long a request may take. */
  public static final Duration TIMEOUT = Duration.ofMinutes(1);

  private Exchanges() {}

  /** A request of tenant acme, accepted when the driver starts. */
  public static Exchange accepted(String id, String model, String... fallbacks) {
    long now = HomeDriver.START.toEpochMilli();
    CompletionRequest request =
        CompletionRequest.newBuilder()
            .setRequestId(id)
            .setTenant("acme")
            .setModel(model)
            .setMessages(List.of(message("user", "What is a millrace?")))
            .setFallbacks(List.of(fallbacks))
            .build();
    return Exchange.newBuilder()
        .setExchangeId("acme/" + id)
        .setRequestId(id)
        .setTenant("acme")
        .setRequest(request)
        .setLane(Lane.STANDARD)
        .setAcceptedAtMillis(now)
        .setDeadlineMillis(now + TIMEOUT.toMillis())
        .build();
  }

  /** The reply of a provider that answers. */
  public static Exchange answered(Exchange dispatched, String text) {
    Exchange reply = Exchange.newBuilder(dispatched).build();
    reply.setOutcome(completion(text));
    reply.setAttemptCostNanos(7L);
    return reply;
  }

  /** The reply of a provider that fails. */
  public static Exchange failed(Exchange dispatched, ErrorCode code) {
    return failed(dispatched, code.error("the test says so"));
  }

  /** The reply of a provider that fails. */
  public static Exchange failed(Exchange dispatched, PipelineError error) {
    Exchange reply = Exchange.newBuilder(dispatched).build();
    reply.setOutcome(AvroModel.toAvro(error));
    reply.setAttemptCostNanos(3L);
    return reply;
  }

  /** A completion of plain text. */
  public static Completion completion(String text) {
    return Completion.newBuilder()
        .setId("c-1")
        .setModel("small")
        .setCreatedSeconds(1)
        .setChoices(
            List.of(
                Choice.newBuilder()
                    .setIndex(0)
                    .setMessage(message("assistant", text))
                    .setFinishReason("stop")
                    .build()))
        .setUsage(new Usage(5L, 2L, 0L, 0L))
        .build();
  }

  /** The text of a completion. */
  public static String textOf(Object outcome) {
    return AvroModel.toModel((Completion) outcome).text();
  }

  /** The code of an error. */
  public static String codeOf(Object outcome) {
    return ((io.millrace.schemas.avro.PipelineError) outcome).getCode();
  }

  private static Message message(String role, String text) {
    return new Message(role, text, null, List.of(), null, Map.of());
  }
}
