package io.millrace.stages;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.stages.OperationResult.Answer;
import io.millrace.stages.OperationResult.Refusal;
import io.millrace.stages.operate.OperationBounds;
import io.millrace.stages.plan.GroupKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Does what operators ask of the group's hooks, on the thread that holds their state; change, reply
 * and event are one transaction. What comes too late is not done: nobody waits for it any more, and
 * whoever asked may have asked again.
 */
final class OperateProcessor implements Processor<String, byte[], String, Object> {

  private final StageSetup setup;
  private final Deserializer<HookOperation> operations;
  private ProcessorContext<String, Object> context;
  private Outlet outlet;

  OperateProcessor(StageSetup setup, Deserializer<HookOperation> operations) {
    this.setup = setup;
    this.operations = operations;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    outlet = setup.outlet(context);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    HookOperation asked = decode(record);
    if (asked == null) {
      return;
    }
    OperationResult result =
        fault(asked, record.key()).<OperationResult>map(fault -> fault).orElseGet(() -> run(asked));
    outlet.reply(reply(asked, result));
  }

  private @Nullable HookOperation decode(Record<String, byte[]> record) {
    if (record.value() == null) {
      outlet.deadLetter(
          record, ErrorCode.UNDECODABLE.wireName(), "the value is null; expected a HookOperation");
      return null;
    }
    try {
      return operations.deserialize(setup.group().operations().name(), record.value());
    } catch (UndecodableValueException e) {
      outlet.deadLetter(
          record, e.code().wireName(), "the value is no HookOperation: " + e.getMessage());
      return null;
    }
  }

  /** Why it is not done, before any hook is asked. */
  private Optional<Refusal> fault(HookOperation asked, @Nullable String key) {
    if (outlet.nowMillis() >= asked.getDeadlineMillis()) {
      return Optional.of(
          new Refusal(
              ErrorCode.DEADLINE_EXCEEDED,
              "the operation came after its deadline and was not done"));
    }
    if (!asked.getScopeKey().equals(key)) {
      return Optional.of(
          OperationResult.wrong(
              "the key of the record is not the operation's scope key: they must be the same"));
    }
    return OperationBounds.fault(asked)
        .or(() -> faultOfHook(asked.getHook()))
        .map(OperationResult::wrong);
  }

  private Optional<String> faultOfHook(String name) {
    if (!setup.has(name)) {
      return Optional.of(
          "stage group '%s' has no hook '%s'; %s".formatted(setup.group().name(), name, known()));
    }
    ActiveHook active = setup.chain().hook(name);
    if (!operable(active)) {
      return Optional.of("hook '%s' has no operations; %s".formatted(name, known()));
    }
    if (!setup.chain().switches().isOn(name)) {
      return Optional.of(
          "hook '%s' is switched off: switch it on with 'millrace plugin enable %s', or set enabled: true; %s"
              .formatted(name, name, known()));
    }
    if (active.descriptor().stateful()
        && active.descriptor().scope() == Scope.NONE
        && setup.group().key() != GroupKey.TENANT) {
      return Optional.of(
          "hook '%s' has no scope and stands in group '%s', keyed by %s: what it keeps of a tenant is spread over all partitions, so nobody can be asked for all of it"
              .formatted(name, setup.group().name(), setup.group().key().description()));
    }
    return Optional.empty();
  }

  private String known() {
    String names =
        setup.chain().hooks().stream()
            .filter(OperateProcessor::operable)
            .map(ActiveHook::name)
            .collect(Collectors.joining(", "));
    return "hooks with operations: " + (names.isEmpty() ? "none" : names);
  }

  /** A hook that must wait would hold up the stream thread. */
  private static boolean operable(ActiveHook active) {
    return !active.descriptor().remote()
        && active.overrides("operate", Operation.class, OperationContext.class);
  }

  private OperationResult run(HookOperation asked) {
    ActiveHook active = setup.chain().hook(asked.getHook());
    OperatorContext operator =
        new OperatorContext(
            active,
            asked.getScopeKey(),
            Instant.ofEpochMilli(outlet.nowMillis()),
            state(active, asked.getScopeKey()));
    OperationResult result = OperationCall.on(active, asked, operator);
    if (result instanceof Answer) {
      operator.apply();
      tell(active, asked, operator);
    }
    return result;
  }

  private @Nullable BufferedState state(ActiveHook active, String scopeKey) {
    return active.descriptor().stateful()
        ? new BufferedState(
            active.name(),
            new ScopedState(active.name(), context.getStateStore(active.store()), scopeKey))
        : null;
  }

  private void tell(ActiveHook active, HookOperation asked, OperatorContext operator) {
    String tenant = setup.group().key() == GroupKey.TENANT ? asked.getScopeKey() : null;
    operator
        .told()
        .forEach(told -> outlet.event(active.name(), tenant, told.type(), told.attributes()));
    outlet.event(
        active.name(),
        tenant,
        EventTypes.HOOK_OPERATED,
        Map.of(
            "hook", active.name(),
            "operation", asked.getOperation(),
            "key", asked.getScopeKey(),
            "by", asked.getBy()));
  }

  private OperationReply reply(HookOperation asked, OperationResult result) {
    OperationReply.Builder reply =
        OperationReply.newBuilder()
            .setOperationId(asked.getOperationId())
            .setHook(asked.getHook())
            .setOperation(asked.getOperation())
            .setScopeKey(asked.getScopeKey())
            .setAtMillis(outlet.nowMillis());
    switch (result) {
      case Answer answer -> reply.setAnswer(answer.json());
      case Refusal refusal ->
          reply.setErrorCode(refusal.code().wireName()).setErrorMessage(refusal.message());
    }
    return reply.build();
  }
}
