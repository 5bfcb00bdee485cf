package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What the processors of the home stage share; thread-safe.
 *
 * @param topics every topic
 * @param routing which provider answers for a model
 * @param chain the hooks
 * @param homeScope the key by which the home stage is partitioned
 * @param dedupWindow how long request ids are remembered
 * @param jsonMirror whether results are also written as JSON
 * @param replyTopics topics that a reply header may name
 * @param exchanges reads exchanges
 * @param meters what the stage counts
 * @param events who hears of what happens
 * @param maxParkedPerTenant how many exchanges of one tenant may wait at hooks
 */
record HomeSetup(
    TopicCatalogue topics,
    Routing routing,
    HookChain chain,
    HomeScope homeScope,
    Duration dedupWindow,
    boolean jsonMirror,
    Set<String> replyTopics,
    Deserializer<Exchange> exchanges,
    HomeMeters meters,
    PipelineEvents events,
    int maxParkedPerTenant) {

  /** The hooks' names in chain order. */
  List<String> hookNames() {
    return chain.names();
  }

  /** The home stage's reply topic. */
  String replyTopic() {
    return topics.stageReplies(TopicCatalogue.HOME).name();
  }

  /** The exchange in a record, or null after its bytes went to the dead letters. */
  @Nullable Exchange decode(Record<String, byte[]> record, Outlet outlet) {
    if (record.value() == null) {
      outlet.deadLetter(
          record, ErrorCode.UNDECODABLE.wireName(), "the value is null; expected an Exchange");
      return null;
    }
    try {
      return exchanges.deserialize(
          topics.stageRequests(TopicCatalogue.HOME).name(), record.value());
    } catch (UndecodableValueException e) {
      outlet.deadLetter(record, e.code().wireName(), "the value is no Exchange: " + e.getMessage());
      return null;
    }
  }
}
