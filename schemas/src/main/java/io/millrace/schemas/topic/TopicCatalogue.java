package io.millrace.schemas.topic;

import io.millrace.schemas.avro.AccessKey;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.avro.ReportedModels;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.model.TrustedRecords;
import io.millrace.schemas.topic.Topic.ValueFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every topic's name, key, value, partitions and retention. No topic name is written anywhere else.
 * Immutable.
 */
public final class TopicCatalogue {

  static {
    TrustedRecords.trust();
  }

  private static final String DISPATCH = "dispatch.";
  private static final String STAGE = "stage.";
  private static final String REPLIES = ".replies";
  private static final String COMPLETIONS = "completions";
  private static final String COMPLETION_CHUNKS = "completion-chunks";

  /** The stage group that owns an exchange from acceptance to result. */
  public static final String HOME = "home";

  private final String prefix;
  private final int partitions;

  /**
   * A catalogue.
   *
   * @param prefix what every name starts with, e.g. {@code millrace.}
   * @param partitions of every topic that carries requests, at least 1
   */
  public TopicCatalogue(String prefix, int partitions) {
    this.prefix = prefix;
    this.partitions = partitions;
  }

  /** What every name starts with. */
  public String prefix() {
    return prefix;
  }

  /**
   * Whether a record to this topic is the last that a stage or worker writes for a request: the
   * request or its answer goes on by it, and what else there is to write was written before.
   */
  public boolean goesOnBy(String topic) {
    return topic.startsWith(prefix + DISPATCH)
        || topic.startsWith(prefix + STAGE)
        || topic.equals(prefix + COMPLETIONS)
        || topic.equals(prefix + COMPLETION_CHUNKS);
  }

  /** Request events from anybody, Avro or JSON. */
  public Topic requests() {
    return avro("requests", "any", CompletionRequest.class, partitions, Duration.ofDays(7));
  }

  /**
   * Whether outcomes come back to a stage group of this pipeline by a topic, by its name: also to a
   * group that another process has and this one's configuration does not.
   */
  public boolean isStageReplies(String topic) {
    return topic.startsWith(prefix + STAGE) && topic.endsWith(REPLIES);
  }

  /** Exchanges on their way into a stage group. */
  public Topic stageRequests(String group) {
    return stage(group, ".requests");
  }

  /** Exchanges with an outcome on their way back to a stage group. */
  public Topic stageReplies(String group) {
    return stage(group, REPLIES);
  }

  /** What operators ask about a stage group's state. */
  public Topic stageOperations(String group) {
    return avro(
        STAGE + group + ".operations",
        "scope key",
        HookOperation.class,
        partitions,
        Duration.ofHours(1));
  }

  /** What came of it; one partition, so that whoever asked need not look for the right one. */
  public Topic operationReplies() {
    return avro("operation-replies", "operation id", OperationReply.class, 1, Duration.ofHours(1));
  }

  /** Exchanges for a provider's workers. */
  public Topic dispatch(String provider, Lane lane) {
    String suffix = provider + "." + lane.name().toLowerCase(Locale.ROOT);
    return avro(DISPATCH + suffix, "exchange id", Exchange.class, partitions, Duration.ofDays(1));
  }

  /** Results, one for each accepted request. */
  public Topic completions() {
    return avro(COMPLETIONS, "request id", CompletionResult.class, partitions, Duration.ofDays(7));
  }

  /** Pieces of streamed answers, while they come. */
  public Topic completionChunks() {
    return avro(
        COMPLETION_CHUNKS, "request id", CompletionChunk.class, partitions, Duration.ofHours(1));
  }

  /** The same results as JSON, when switched on. */
  public Topic completionsJson() {
    return new Topic(
        prefix + "completions-json",
        "request id",
        ValueFormat.JSON,
        null,
        partitions,
        Duration.ofDays(7));
  }

  /** Every call to a provider. */
  public Topic attempts() {
    return avro("attempts", "provider", ProviderCall.class, partitions, Duration.ofDays(7));
  }

  /** What happened to exchanges and to the pipeline. */
  public Topic events() {
    return avro("events", "request id", PipelineEvent.class, partitions, Duration.ofDays(1));
  }

  /** The last known health of each model of each provider. */
  public Topic providerHealth() {
    return avro("provider-health", "provider/model", ProviderHealth.class, 1, Duration.ZERO);
  }

  /** The models that providers say they have, of those that are asked. */
  public Topic providerModels() {
    return avro("provider-models", "provider", ReportedModels.class, 1, Duration.ZERO);
  }

  /** One-minute windows. */
  public Topic analyticsRealtime() {
    return avro(
        "analytics.realtime",
        "provider|model|tenant",
        MetricWindow.class,
        partitions,
        Duration.ofHours(1));
  }

  /** Thresholds crossed and left again. */
  public Topic alerts() {
    return avro("alerts", "rule|subject", Alert.class, 1, Duration.ofDays(30));
  }

  /** The latest order about each subject: which hooks are switched off, for one. */
  public Topic control() {
    return avro("control", "subject", Control.class, 1, Duration.ZERO);
  }

  /** What each key may do, and the hash of its secret. */
  public Topic keys() {
    return avro("keys", "key id", AccessKey.class, 1, Duration.ZERO);
  }

  /** The plan of the stages that works on the data. */
  public Topic stagePlan() {
    return avro("stage-plan", "the word plan", RunningPlan.class, 1, Duration.ZERO);
  }

  /** Records that could not be understood: the original bytes, headers say why. */
  public Topic deadLetters() {
    return new Topic(
        prefix + "dead-letters",
        "original key",
        ValueFormat.BYTES,
        null,
        partitions,
        Duration.ofDays(14));
  }

  /**
   * All topics of a pipeline.
   *
   * @param groups names of the stage groups
   * @param providers configured names of the providers
   */
  public List<Topic> all(Collection<String> groups, Collection<String> providers) {
    List<Topic> topics = new ArrayList<>();
    topics.add(requests());
    for (String group : groups) {
      topics.add(stageRequests(group));
      topics.add(stageReplies(group));
      topics.add(stageOperations(group));
    }
    for (String provider : providers) {
      for (Lane lane : Lane.values()) {
        topics.add(dispatch(provider, lane));
      }
    }
    topics.addAll(
        List.of(
            completions(),
            completionsJson(),
            completionChunks(),
            attempts(),
            events(),
            providerHealth(),
            providerModels(),
            analyticsRealtime(),
            alerts(),
            control(),
            keys(),
            stagePlan(),
            operationReplies(),
            deadLetters()));
    return List.copyOf(topics);
  }

  private Topic stage(String group, String direction) {
    return avro(
        STAGE + group + direction, "scope key", Exchange.class, partitions, Duration.ofDays(1));
  }

  private Topic avro(
      String name,
      String key,
      Class<? extends SpecificRecord> type,
      int count,
      Duration retention) {
    return new Topic(prefix + name, key, ValueFormat.AVRO, type, count, retention);
  }
}
