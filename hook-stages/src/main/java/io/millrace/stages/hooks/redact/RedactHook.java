package io.millrace.stages.hooks.redact;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Takes personal data and secrets out of prompts, and puts them back into replies. */
final class RedactHook implements Hook {

  static final String FINDINGS = "millrace.redact.findings";
  static final String UNRESTORABLE = "millrace.redact.unrestorable";
  static final String EVENT = "personal-data-redacted";

  private final Redactor redactor;
  private final PromptMode mode;
  private final int maxCharacters;
  private final Meters meters;

  RedactHook(Redactor redactor, PromptMode mode, int maxCharacters, Meters meters) {
    this.redactor = redactor;
    this.mode = mode;
    this.maxCharacters = maxCharacters;
    this.meters = meters;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    if (mode == PromptMode.OFF) {
      return PreHookResult.proceed(request);
    }
    Placeholders placeholders = new Placeholders();
    long characters = measure(request, placeholders);
    if (characters > maxCharacters) {
      return PreHookResult.fail(tooLarge(characters));
    }
    return PreHookResult.proceed(
        mode == PromptMode.MASK
            ? masked(request, context, "mask")
            : replaced(request, placeholders, context));
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    // By the notes and not by today's mode: the prompt may have gone out under another one.
    return switch (outcome) {
      case Completion completion -> restored(completion, StoredValues.read(context));
      case PipelineError error -> error;
    };
  }

  private static Completion restored(Completion completion, Map<String, String> values) {
    return values.isEmpty()
        ? completion
        : JsonStrings.everywhere(
                text -> Placeholders.restored(text, values), UnaryOperator.identity())
            .of(completion);
  }

  private CompletionRequest replaced(
      CompletionRequest request, Placeholders placeholders, HookContext context) {
    Map<String, Integer> counts = new TreeMap<>();
    CompletionRequest result =
        rewrite(request, counts, (finding, text) -> placeholders.of(finding.kind(), text));
    if (!StoredValues.write(placeholders.values(), context)) {
      // Rather a reply with holes than a prompt with what must not be in it.
      meters.count(UNRESTORABLE, Map.of(), 1);
      return masked(request, context, "mask-too-much-to-restore");
    }
    tell(counts, "restore", context);
    // Values come back into the whole answer; pieces would leave with placeholders before that.
    return counts.isEmpty() ? result : result.withStream(false);
  }

  private CompletionRequest masked(CompletionRequest request, HookContext context, String how) {
    Map<String, Integer> counts = new TreeMap<>();
    CompletionRequest result = rewrite(request, counts, (finding, text) -> finding.mask());
    tell(counts, how, context);
    return result;
  }

  private CompletionRequest rewrite(
      CompletionRequest request,
      Map<String, Integer> counts,
      BiFunction<Finding, String, String> replacement) {
    UnaryOperator<String> text = text(counts, replacement);
    UnaryOperator<String> number =
        text(counts, (finding, found) -> '"' + replacement.apply(finding, found) + '"');
    return JsonStrings.everywhere(text, number).of(request);
  }

  private UnaryOperator<String> text(
      Map<String, Integer> counts, BiFunction<Finding, String, String> replacement) {
    return text ->
        redactor.replace(
            text,
            finding -> {
              counts.merge(finding.kind(), 1, Integer::sum);
              return replacement.apply(finding, finding.in(text));
            });
  }

  /** How many characters there are to look through; notes placeholders that are there already. */
  private static long measure(CompletionRequest request, Placeholders placeholders) {
    long[] characters = new long[1];
    UnaryOperator<String> count =
        text -> {
          characters[0] += text.length();
          placeholders.avoid(text);
          return text;
        };
    JsonStrings.everywhere(count, count).of(request);
    return characters[0];
  }

  private PipelineError tooLarge(long characters) {
    return ErrorCode.REQUEST_TOO_LARGE.error(
        String.format(
            Locale.ROOT,
            "messages: %,d characters; at most %,d can be looked through for personal data",
            characters,
            maxCharacters));
  }

  private void tell(Map<String, Integer> counts, String how, HookContext context) {
    if (counts.isEmpty()) {
      return;
    }
    counts.forEach((kind, count) -> meters.count(FINDINGS, Map.of("kind", kind), count));
    context.emit(
        EVENT,
        Map.of(
            "how",
            how,
            "kinds",
            counts.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","))));
  }
}
