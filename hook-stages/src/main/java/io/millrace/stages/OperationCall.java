package io.millrace.stages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.Operation;
import io.millrace.schemas.avro.HookOperation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one hook do one operation, and keeps what it throws from everybody else. Changes stand only
 * where it answers as it must. Used by one thread.
 */
final class OperationCall {

  private static final Logger LOG = LoggerFactory.getLogger(OperationCall.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private OperationCall() {}

  /** Calls the hook. */
  static OperationResult on(ActiveHook active, HookOperation asked, OperatorContext context) {
    String answer = null;
    Throwable thrown = null;
    try {
      answer =
          active.hook().operate(new Operation(asked.getOperation(), asked.getArguments()), context);
    } catch (Throwable e) { // a plugin may throw anything at all
      thrown = e;
    }
    context.rethrowFaultOfTheStage();
    if (thrown instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
      throw fatal;
    }
    if (thrown != null) {
      return afterFailure(active, asked, thrown);
    }
    String fault = fault(answer);
    return fault == null
        ? new OperationResult.Answer(Objects.requireNonNull(answer))
        : OperationResult.failed(
            "hook '%s' answered '%s' with %s, so nothing was changed"
                .formatted(active.name(), asked.getOperation(), fault));
  }

  private static OperationResult afterFailure(
      ActiveHook active, HookOperation asked, Throwable thrown) {
    if (thrown instanceof IllegalArgumentException refusal && refusal.getMessage() != null) {
      return OperationResult.wrong("hook '%s': %s".formatted(active.name(), refusal.getMessage()));
    }
    LOG.warn("hook {} failed in operate, asked to {}", active.name(), asked.getOperation(), thrown);
    return OperationResult.failed(
        "hook '%s' failed (%s), so nothing was changed: see the log of the instance"
            .formatted(active.name(), thrown.getClass().getName()));
  }

  private static @Nullable String fault(@Nullable String answer) {
    if (answer == null) {
      return "null";
    }
    if (answer.length() > Hook.MAX_ANSWER_CHARACTERS) {
      return "%d characters, more than the %d that are allowed"
          .formatted(answer.length(), Hook.MAX_ANSWER_CHARACTERS);
    }
    try {
      return JSON.readTree(answer).isMissingNode() ? "an empty text" : null;
    } catch (JsonProcessingException e) {
      return "what is no JSON";
    }
  }
}
