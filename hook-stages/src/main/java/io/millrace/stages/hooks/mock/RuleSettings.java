package io.millrace.stages.hooks.mock;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.stages.hooks.settings.ModelPattern;
import io.millrace.stages.hooks.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one rule from the configuration. */
final class RuleSettings {

  static final String[] KEYS = {"match", "respond", "error", "delay", "probability", "seed"};

  private static final int MAX_TEXT_CHARACTERS = 100_000;
  private static final int MAX_NAME_CHARACTERS = 256;
  private static final Duration MAX_DELAY = Duration.ofMinutes(10);
  private static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);
  private static final long MAX_TOKENS = 1_000_000_000;

  private RuleSettings() {}

  static Rule rule(Settings rule) {
    return new Rule(
        match(rule.section("match", "model", "contains", "regex", "tenant")),
        reply(rule),
        rule.duration("delay", Duration.ofMillis(1), MAX_DELAY),
        rule.number("probability", 1, 0, 1),
        rule.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static Match match(Settings match) {
    String model = match.text("model", MAX_NAME_CHARACTERS);
    return new Match(
        model == null ? null : new ModelPattern(model),
        match.text("contains", MAX_TEXT_CHARACTERS),
        regex(match),
        match.text("tenant", MAX_NAME_CHARACTERS));
  }

  private static @Nullable Pattern regex(Settings match) {
    String regex = match.text("regex", 1_000);
    try {
      return regex == null ? null : Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw match.wrong("regex", "a regular expression of RE2: " + e.getDescription());
    }
  }

  private static Reply reply(Settings rule) {
    Settings respond =
        rule.section(
            "respond",
            "text",
            "tool_calls",
            "finish_reason",
            "model",
            "prompt_tokens",
            "completion_tokens");
    Settings error =
        rule.section("error", "code", "message", "status", "retry_after", "allow_fallbacks");
    if (rule.has("respond") == rule.has("error")) {
      throw new IllegalArgumentException(
          rule.at("respond") + " or " + rule.at("error") + " must be there, and not both");
    }
    return rule.has("respond") ? completion(respond) : error(error);
  }

  private static CompletionReply completion(Settings respond) {
    List<Map.Entry<String, Template>> calls = new ArrayList<>();
    for (Settings call : respond.sections("tool_calls", 16, "name", "arguments")) {
      String arguments = call.text("arguments", MAX_TEXT_CHARACTERS);
      calls.add(
          Map.entry(
              call.requiredText("name", MAX_NAME_CHARACTERS),
              new Template(arguments == null ? "{}" : arguments)));
    }
    String text =
        calls.isEmpty()
            ? respond.requiredText("text", MAX_TEXT_CHARACTERS)
            : respond.text("text", MAX_TEXT_CHARACTERS);
    String finishReason = respond.text("finish_reason", 64);
    return new CompletionReply(
        text == null ? null : new Template(text),
        List.copyOf(calls),
        finishReason != null ? finishReason : calls.isEmpty() ? "stop" : "tool_calls",
        respond.text("model", MAX_NAME_CHARACTERS),
        respond.integer("prompt_tokens", 0, MAX_TOKENS),
        respond.integer("completion_tokens", 0, MAX_TOKENS));
  }

  private static ErrorReply error(Settings error) {
    String message = error.text("message", 1_000);
    return new ErrorReply(
        error.requiredText("code", 64),
        new Template(message == null ? "by a rule of the mock" : message),
        error.has("status") ? (int) error.integer("status", 500, 400, 599) : null,
        error.duration("retry_after", Duration.ofMillis(1), MAX_RETRY_AFTER),
        error.has("allow_fallbacks") ? error.flag("allow_fallbacks", true) : null);
  }
}
