package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with values of the request in it: {@code {prompt}}, the text of the last user message,
 * {@code {model}}, {@code {provider}}, {@code {tenant}} and {@code {request_id}}. What a value
 * itself says is not looked at again.
 */
record Template(String text) {

  private static final Pattern VALUE =
      Pattern.compile("\\{(prompt|model|provider|tenant|request_id)}");

  String filled(CompletionRequest request, HookContext context) {
    return VALUE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), request, context)));
  }

  private static String value(String name, CompletionRequest request, HookContext context) {
    return switch (name) {
      case "prompt" -> prompt(request.messages());
      case "model" -> context.target().model();
      case "provider" -> context.target().provider();
      case "tenant" -> context.tenant();
      default -> context.requestId();
    };
  }

  private static String prompt(List<Message> messages) {
    return messages.reversed().stream()
        .filter(message -> message.role().equals("user"))
        .findFirst()
        .map(Message::text)
        .orElse("");
  }
}
