package io.millrace.stages.operate;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.avro.PlanGroup;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.operate.OperationAnswer.Done;
import io.millrace.stages.operate.OperationAnswer.Refused;
import io.millrace.stages.operate.OperationAnswer.Unanswered;
import io.millrace.stages.plan.PlanLog;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Asks hooks about what they keep, whichever process holds it: the question goes over the topic of
 * the stage group, by the key of the state, and the answer comes back when it is committed. Opens
 * what it needs for each question. Thread-safe.
 */
public final class HookOperations {

  /** How long to wait for an answer where nothing else is said: longer than a hand-over takes. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The longest wait. */
  public static final Duration MAX_PATIENCE = Duration.ofMinutes(5);

  private final KafkaConnection connection;
  private final TopicCatalogue topics;
  private final SchemaRegistry registry;

  /**
   * Questions to one pipeline.
   *
   * @param registry stays the caller's
   */
  public HookOperations(
      KafkaConnection connection, TopicCatalogue topics, SchemaRegistry registry) {
    this.connection = connection;
    this.topics = topics;
    this.registry = registry;
  }

  /**
   * Asks and waits.
   *
   * @param patience 1 ms to {@link #MAX_PATIENCE}; a question that nobody came to within it is
   *     dropped. Clocks of this process and the stages should agree within it.
   * @throws KafkaException when the cluster cannot be reached
   */
  public OperationAnswer ask(HookQuestion question, Duration patience) throws InterruptedException {
    if (patience.toMillis() < 1 || patience.compareTo(MAX_PATIENCE) > 0) {
      throw new IllegalArgumentException(
          "patience is 1 ms to %d s, not %s".formatted(MAX_PATIENCE.toSeconds(), patience));
    }
    RunningPlan plan = new PlanLog(connection, topics, registry).latest().orElse(null);
    if (plan == null) {
      return refused("no stages have run here yet: start an instance with role hooks first");
    }
    Optional<PlanGroup> group =
        plan.getGroups().stream()
            .filter(candidate -> candidate.getHooks().contains(question.hook()))
            .findFirst();
    if (group.isEmpty()) {
      return refused(
          "there is no hook '%s'; hooks that run: %s".formatted(question.hook(), hooks(plan)));
    }
    HookOperation operation = operation(question, patience);
    Optional<String> fault = OperationBounds.fault(operation);
    return fault.isPresent()
        ? refused(fault.get())
        : ask(operation, group.get().getName(), patience);
  }

  private OperationAnswer ask(HookOperation operation, String group, Duration patience)
      throws InterruptedException {
    try (OperationReplies replies =
        OperationReplies.fromNowOn(
            connection,
            topics.operationReplies().name(),
            new AvroSerdes(registry).forType(OperationReply.class).deserializer())) {
      send(operation, group, patience);
      return replies
          .await(operation.getOperationId(), patience)
          .map(HookOperations::answer)
          .orElseGet(() -> unanswered(operation, patience));
    }
  }

  private void send(HookOperation operation, String group, Duration patience)
      throws InterruptedException {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    String topic = topics.stageOperations(group).name();
    try (KafkaProducer<String, HookOperation> producer =
        new KafkaProducer<>(
            properties,
            new StringSerializer(),
            new AvroSerdes(registry).forType(HookOperation.class).serializer())) {
      producer.send(new ProducerRecord<>(topic, operation.getScopeKey(), operation)).get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot write to " + topic, e.getCause());
    }
  }

  private static HookOperation operation(HookQuestion question, Duration patience) {
    long now = System.currentTimeMillis();
    return HookOperation.newBuilder()
        .setOperationId(UUID.randomUUID().toString())
        .setHook(question.hook())
        .setOperation(question.operation().name())
        .setScopeKey(question.scopeKey())
        .setArguments(question.operation().arguments())
        .setAtMillis(now)
        .setDeadlineMillis(now + patience.toMillis())
        .setBy(question.by())
        .build();
  }

  private static OperationAnswer answer(OperationReply reply) {
    if (reply.getAnswer() != null) {
      return new Done(reply.getAnswer());
    }
    String code =
        Objects.requireNonNullElse(reply.getErrorCode(), ErrorCode.INTERNAL_ERROR.wireName());
    return new Refused(
        code,
        ErrorCode.ofWireName(code).orElse(ErrorCode.INTERNAL_ERROR).httpStatus(),
        Objects.requireNonNullElse(reply.getErrorMessage(), "the hook did not say why"));
  }

  private static OperationAnswer refused(String message) {
    return new Refused(
        ErrorCode.INVALID_REQUEST.wireName(), ErrorCode.INVALID_REQUEST.httpStatus(), message);
  }

  private static Unanswered unanswered(HookOperation operation, Duration patience) {
    return new Unanswered(
        "no instance with role hooks answered for '%s' within %d ms: see whether one runs and is ready. It will not be done later; whether it was done just before, 'show' tells"
            .formatted(operation.getHook(), patience.toMillis()));
  }

  private static String hooks(RunningPlan plan) {
    return plan.getGroups().stream()
        .flatMap(group -> group.getHooks().stream())
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
