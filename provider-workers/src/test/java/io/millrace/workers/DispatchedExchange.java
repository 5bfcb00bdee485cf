package io.millrace.workers;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.Target;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;

/** Exchanges as the home stage dispatches them, to model {@code m} of provider {@code p}. */
final class DispatchedExchange {

  private DispatchedExchange() {}

  /** One that was accepted at a time, and has ten minutes from then on. */
  static Exchange of(TopicCatalogue topics, String requestId, String content, long nowMillis) {
    Message message = Message.newBuilder().setRole("user").setContent(content).build();
    return Exchange.newBuilder()
        .setExchangeId("default/" + requestId)
        .setRequestId(requestId)
        .setTenant("default")
        .setRequest(
            CompletionRequest.newBuilder().setModel("p/m").setMessages(List.of(message)).build())
        .setAttempt(1)
        .setTarget(new Target("p", "m"))
        .setLane(Lane.STANDARD)
        .setAcceptedAtMillis(nowMillis)
        .setDeadlineMillis(nowMillis + Duration.ofMinutes(10).toMillis())
        .setAttemptStartedAtMillis(nowMillis)
        .setFrames(
            List.of(
                Frame.newBuilder()
                    .setReplyTopic(topics.stageReplies(TopicCatalogue.HOME).name())
                    .setScopeKey("default")
                    .build()))
        .build();
  }
}
