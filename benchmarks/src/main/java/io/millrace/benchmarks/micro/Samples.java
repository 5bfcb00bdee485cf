package io.millrace.benchmarks.micro;

import io.millrace.schemas.avro.Choice;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.model.TrustedRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Records of the usual size: a request of about 1 KB. */
final class Samples {

  static {
    TrustedRecords.trust();
  }

  static final String TENANT = "acme";

  private static final String PROMPT = "What is a millrace, and how fast does it run? ".repeat(20);

  private Samples() {}

  static Exchange accepted(long number, long nowMillis) {
    String id = "r-" + number;
    CompletionRequest request =
        CompletionRequest.newBuilder()
            .setRequestId(id)
            .setTenant(TENANT)
            .setModel("simulated/any")
            .setMessages(List.of(message("user", "Question " + number + ": " + PROMPT)))
            .build();
    return Exchange.newBuilder()
        .setExchangeId(TENANT + "/" + id)
        .setRequestId(id)
        .setTenant(TENANT)
        .setRequest(request)
        .setLane(Lane.STANDARD)
        .setAcceptedAtMillis(nowMillis)
        .setDeadlineMillis(nowMillis + Duration.ofHours(24).toMillis())
        .build();
  }

  static Completion completion() {
    return Completion.newBuilder()
        .setId("c-1")
        .setModel("any")
        .setCreatedSeconds(1)
        .setChoices(
            List.of(
                Choice.newBuilder()
                    .setIndex(0)
                    .setMessage(message("assistant", "It feeds the wheel, and runs all day."))
                    .setFinishReason("stop")
                    .build()))
        .setUsage(new Usage(230L, 12L, 0L, 0L))
        .build();
  }

  private static Message message(String role, String text) {
    return new Message(role, text, null, List.of(), null, Map.of());
  }
}
