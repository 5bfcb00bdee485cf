package io.millrace.stages;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Counts requests by tenant; operators may show and reset the count, or do what a test makes up.
 */
final class OperableHook extends CountingHook {

  static final String NAME = "quota";

  private final BiFunction<Operation, OperationContext, String> further;

  OperableHook(BiFunction<Operation, OperationContext, String> further) {
    this(Scope.TENANT, further);
  }

  OperableHook(Scope scope, BiFunction<Operation, OperationContext, String> further) {
    super(NAME, scope, noCalls());
    this.further = further;
  }

  OperableHook() {
    this(
        (operation, context) -> {
          throw new IllegalArgumentException("it can show and reset, not " + operation.name());
        });
  }

  @Override
  public String operate(Operation operation, OperationContext context) {
    return switch (operation.name()) {
      case "show" -> show(context);
      case "reset" -> {
        String before = show(context);
        List<KeyedState.Entry> all = context.state().range("", "\uffff", 100);
        all.forEach(entry -> context.state().delete(entry.key()));
        context.emit("quota-reset", Map.of("was", before));
        yield before;
      }
      default -> further.apply(operation, context);
    };
  }

  private static String show(OperationContext context) {
    byte[] count = context.state().get("pre");
    return "{\"key\":\"%s\",\"requests\":%s}"
        .formatted(
            context.scopeKey(), count == null ? "0" : new String(count, StandardCharsets.UTF_8));
  }
}
