package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.StageGroup;
import io.millrace.stages.routing.Router;
import io.millrace.stages.routing.Routing;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What the processors of one stage group share; thread-safe.
 *
 * @param group the group
 * @param next the group after it; null where exchanges go on to the providers
 * @param nodes names of its nodes
 * @param stores names of its stores
 * @param topics every topic
 * @param routing which provider answers for a model
 * @param chain the hooks of all groups
 * @param dedupWindow how long the group remembers what it has finished
 * @param jsonMirror whether results are also written as JSON
 * @param exchanges reads exchanges
 * @param meters what the group counts
 * @param events who hears of what happens
 * @param maxParkedPerTenant how many exchanges of one tenant may wait at hooks
 * @param homeScope the key by which home stages are partitioned
 * @param load where the group tells what it has to do
 * @param router chooses where requests go
 * @param blocks which providers and models operators have blocked
 * @param commits when the application's threads commit
 */
record StageSetup(
    StageGroup group,
    @Nullable StageGroup next,
    StageNodes nodes,
    StageStores stores,
    TopicCatalogue topics,
    Routing routing,
    HookChain chain,
    Duration dedupWindow,
    boolean jsonMirror,
    Deserializer<Exchange> exchanges,
    HomeMeters meters,
    PipelineEvents events,
    int maxParkedPerTenant,
    HomeScope homeScope,
    LoadGauge load,
    Router router,
    ProviderBlockView blocks,
    CommitPace commits) {

  /**
   * How long a group other than home remembers attempts that have passed, to tell a late reply from
   * an early one. A reply that comes later yet is held in vain, until its deadline.
   */
  private static final Duration REPLY_MEMORY = Duration.ofMinutes(30);

  /** A group as a configuration makes it. */
  static StageSetup of(
      StageGroup group,
      @Nullable StageGroup next,
      HookStagesConfig config,
      TopicCatalogue topics,
      HookChain chain,
      Deserializer<Exchange> exchanges,
      HomeMeters meters,
      PipelineEvents events,
      LoadGauge load,
      Router router,
      ProviderBlockView blocks,
      CommitPace commits) {
    return new StageSetup(
        group,
        next,
        new StageNodes(group.name(), group.hookNames()),
        new StageStores(group.name()),
        topics,
        config.routing(),
        chain,
        group.home() ? config.dedupWindow() : REPLY_MEMORY,
        config.jsonMirror(),
        exchanges,
        meters,
        events,
        config.maxParkedPerTenant(),
        config.homeScope(),
        load,
        router,
        blocks,
        commits);
  }

  /** Why an attempt cannot aim at a target; null when it can. Fallbacks are tried. */
  @Nullable PipelineError refusal(Target target) {
    if (!routing.knows(target.provider())) {
      return routing.notConfigured(target.provider());
    }
    return isBlocked(target) ? ProviderBlockView.refusal(target) : null;
  }

  /** Whether an operator has blocked a target. */
  boolean isBlocked(Target target) {
    return blocks.isBlocked(target.provider(), target.model());
  }

  /** What a node of this group may send besides the exchange itself. */
  Outlet outlet(ProcessorContext<String, Object> context) {
    return new Outlet(context, events, nodes, homeScope, commits.ofThisThread());
  }

  /** The names of the group's hooks, in order. */
  List<String> hookNames() {
    return nodes.hooks();
  }

  /** The group's hooks, in order. */
  List<ActiveHook> hooks() {
    return chain.hooks().stream().filter(active -> has(active.name())).toList();
  }

  /** Whether a hook is one of the group's. */
  boolean has(String hook) {
    return nodes.hooks().contains(hook);
  }

  /** The group's reply topic. */
  String replyTopic() {
    return group.replies().name();
  }

  /**
   * What the group remembers an attempt by when it is over: at home the exchange, which never runs
   * again; elsewhere the attempt, as the next one may come this way.
   */
  String memoryKey(String exchangeId, int attempt) {
    return group.home() ? exchangeId : exchangeId + "#" + attempt;
  }

  /** The exchange in a record, or null after its bytes went to the dead letters. */
  @Nullable Exchange decode(Record<String, byte[]> record, Outlet outlet) {
    outlet.cameIn();
    if (record.value() == null) {
      outlet.deadLetter(
          record, ErrorCode.UNDECODABLE.wireName(), "the value is null; expected an Exchange");
      return null;
    }
    if (record.value().length > Topic.MAX_EXCHANGE_BYTES) {
      outlet.deadLetter(
          record,
          ErrorCode.REQUEST_TOO_LARGE.wireName(),
          "%d bytes are more than the %d that an exchange may have"
              .formatted(record.value().length, Topic.MAX_EXCHANGE_BYTES));
      return null;
    }
    if (record.key() == null) {
      outlet.deadLetter(
          record,
          ErrorCode.UNDECODABLE.wireName(),
          "the key is null; an exchange's record has the group's scope key");
      return null;
    }
    try {
      return exchanges.deserialize(group.requests().name(), record.value());
    } catch (UndecodableValueException e) {
      outlet.deadLetter(record, e.code().wireName(), "the value is no Exchange: " + e.getMessage());
      return null;
    }
  }
}
