package io.millrace.stages.hooks.redact;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites every text that people wrote or read in a request or reply: contents, tool calls, and
 * strings in fields that have no field of their own. What is unchanged stays the same instance.
 *
 * @param text what becomes of each text
 * @param number what becomes of JSON outside of strings
 */
record Rewriting(UnaryOperator<String> text, UnaryOperator<String> number) {

  CompletionRequest of(CompletionRequest request) {
    List<Message> messages = each(request.messages(), this::of);
    Map<String, String> extra = of(request.extra());
    if (messages == request.messages() && extra == request.extra()) {
      return request;
    }
    return new CompletionRequest(
        request.model(),
        messages,
        request.tools(),
        request.toolChoiceJson(),
        request.responseFormatJson(),
        request.temperature(),
        request.topP(),
        request.maxTokens(),
        request.stop(),
        request.seed(),
        request.stream(),
        extra);
  }

  Completion of(Completion completion) {
    List<Completion.Choice> choices = each(completion.choices(), this::of);
    return choices == completion.choices()
        ? completion
        : new Completion(
            completion.id(),
            completion.model(),
            completion.createdSeconds(),
            choices,
            completion.usage(),
            completion.extra());
  }

  private Completion.Choice of(Completion.Choice choice) {
    Message message = of(choice.message());
    return message == choice.message()
        ? choice
        : new Completion.Choice(choice.index(), message, choice.finishReason(), choice.extra());
  }

  private Message of(Message message) {
    @Nullable Content content = message.content() == null ? null : of(message.content());
    List<ToolCall> calls = each(message.toolCalls(), this::of);
    Map<String, String> extra = of(message.extra());
    return content == message.content() && calls == message.toolCalls() && extra == message.extra()
        ? message
        : new Message(message.role(), content, message.name(), calls, message.toolCallId(), extra);
  }

  private Content of(Content content) {
    return switch (content) {
      case Content.Text plain -> {
        String changed = text.apply(plain.text());
        yield changed.equals(plain.text()) ? plain : new Content.Text(changed);
      }
      case Content.Parts parts -> {
        List<Content.Part> changed = each(parts.parts(), this::of);
        yield changed == parts.parts() ? parts : new Content.Parts(changed);
      }
    };
  }

  private Content.Part of(Content.Part part) {
    return switch (part) {
      case Content.TextPart plain -> {
        String changed = text.apply(plain.text());
        yield changed.equals(plain.text()) ? plain : new Content.TextPart(changed);
      }
      case Content.ImagePart image -> image;
      case Content.OtherPart other -> {
        String changed = json(other.json());
        yield changed.equals(other.json()) ? other : new Content.OtherPart(changed);
      }
    };
  }

  private ToolCall of(ToolCall call) {
    String arguments = call.arguments();
    String changed = JsonStrings.looksLikeJson(arguments) ? json(arguments) : text.apply(arguments);
    return changed.equals(arguments) ? call : new ToolCall(call.id(), call.name(), changed);
  }

  private Map<String, String> of(Map<String, String> extra) {
    Map<String, String> changed = new HashMap<>(extra);
    changed.replaceAll((name, value) -> JsonStrings.looksLikeJson(value) ? json(value) : value);
    return changed.equals(extra) ? extra : changed;
  }

  private String json(String json) {
    return JsonStrings.rewrite(json, text, number);
  }

  private static <T> List<T> each(List<T> list, UnaryOperator<T> change) {
    List<T> changed = new ArrayList<>(list.size());
    boolean same = true;
    for (T element : list) {
      T next = change.apply(element);
      same &= next == element;
      changed.add(next);
    }
    return same ? list : changed;
  }
}
