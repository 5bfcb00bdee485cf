package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Tool;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds parameters to the ranges that every provider has. Pure. */
final class ParameterRules {

  private static final String KIND = "parameter";

  /** Numeric parameters without a field of their own, and their ranges. */
  private static final Map<String, Range> EXTRA =
      Map.of(
          "n", new Range(1, 128),
          "presence_penalty", new Range(-2, 2),
          "frequency_penalty", new Range(-2, 2),
          "top_logprobs", new Range(0, 20),
          "max_completion_tokens", new Range(1, Integer.MAX_VALUE));

  private ParameterRules() {}

  private record Range(double min, double max) {}

  static void check(CompletionRequest request, Faults faults) {
    checkRange("temperature", request.temperature(), new Range(0, 2), faults);
    checkRange("top_p", request.topP(), new Range(0, 1), faults);
    if (request.maxTokens() != null && request.maxTokens() < 1) {
      faults.add(KIND, "max_tokens", "must be at least 1, is %,d", request.maxTokens());
    }
    for (int i = 0; i < request.stop().size(); i++) {
      if (request.stop().get(i).isEmpty()) {
        faults.add(KIND, "stop[" + i + "]", "is empty, at least one character is needed");
      }
    }
    checkTools(request, faults);
    request.extra().forEach((name, json) -> checkExtra(name, json, faults));
  }

  private static void checkTools(CompletionRequest request, Faults faults) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < request.tools().size() && !faults.full(); i++) {
      if (request.tools().get(i) instanceof Tool.Function function) {
        String field = "tools[" + i + "].function.name";
        if (function.name().isBlank()) {
          faults.add(KIND, field, "is empty");
        } else if (!names.add(function.name())) {
          faults.add(KIND, field, "another tool has this name already");
        }
      }
    }
  }

  private static void checkExtra(String name, String json, Faults faults) {
    Range range = EXTRA.get(name);
    if (range == null || json.equals("null")) {
      return;
    }
    try {
      checkRange(name, Double.valueOf(json), range, faults);
    } catch (NumberFormatException e) {
      faults.add(KIND, name, "must be a number");
    }
  }

  private static void checkRange(String field, @Nullable Double value, Range range, Faults faults) {
    if (value != null && !(value >= range.min() && value <= range.max())) {
      faults.add(
          KIND, field, "must be from %s to %s, is %s", text(range.min()), text(range.max()), value);
    }
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
