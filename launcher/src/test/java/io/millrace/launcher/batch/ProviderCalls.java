package io.millrace.launcher.batch;

import io.millrace.launcher.kill.TopicReader;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.Map;

/** Counts what the attempts topic says. */
final class ProviderCalls {

  private ProviderCalls() {}

  /** Calls by request id, without looks at a provider's health. */
  static Map<String, Integer> count(KafkaConnection connection, TopicCatalogue topics) {
    Map<String, Integer> calls = new HashMap<>();
    try (TopicReader<ProviderCall> reader =
        new TopicReader<>(connection, topics.attempts().name(), ProviderCall.class)) {
      for (ProviderCall call : reader.poll()) {
        if (!call.getProbe()) {
          calls.merge(call.getRequestId(), 1, Integer::sum);
        }
      }
    }
    return calls;
  }
}
