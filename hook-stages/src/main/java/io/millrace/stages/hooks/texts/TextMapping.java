package io.millrace.stages.hooks.texts;

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
 * Rewrites what people wrote or read in the messages of a request or reply. What is unchanged stays
 * the same instance. Thread-safe where the functions are.
 *
 * @param text what becomes of each text
 * @param arguments what becomes of the arguments of each tool call, which should be JSON
 * @param part what becomes of each part that is neither text nor image, which is JSON
 * @param extra what becomes of each field that has no place of its own
 */
public record TextMapping(
    UnaryOperator<String> text,
    UnaryOperator<String> arguments,
    UnaryOperator<String> part,
    UnaryOperator<String> extra) {

  /** The request with its messages, and its fields without a place of their own, rewritten. */
  public CompletionRequest of(CompletionRequest request) {
    List<Message> messages = each(request.messages(), this::of);
    Map<String, String> fields = of(request.extra());
    if (messages == request.messages() && fields == request.extra()) {
      return request;
    }
    return request.withMessages(messages).withExtra(fields);
  }

  /** The reply with the messages of its choices rewritten. */
  public Completion of(Completion completion) {
    return eachChoice(completion, this::of);
  }

  /** A reply with each of its choices changed. */
  public static Completion eachChoice(
      Completion completion, UnaryOperator<Completion.Choice> change) {
    List<Completion.Choice> choices = each(completion.choices(), change);
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
    Map<String, String> fields = of(message.extra());
    return content == message.content() && calls == message.toolCalls() && fields == message.extra()
        ? message
        : new Message(message.role(), content, message.name(), calls, message.toolCallId(), fields);
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

  private Content.Part of(Content.Part one) {
    return switch (one) {
      case Content.TextPart plain -> {
        String changed = text.apply(plain.text());
        yield changed.equals(plain.text()) ? plain : new Content.TextPart(changed);
      }
      case Content.ImagePart image -> image;
      case Content.OtherPart other -> {
        String changed = part.apply(other.json());
        yield changed.equals(other.json()) ? other : new Content.OtherPart(changed);
      }
    };
  }

  private ToolCall of(ToolCall call) {
    String changed = arguments.apply(call.arguments());
    return changed.equals(call.arguments()) ? call : new ToolCall(call.id(), call.name(), changed);
  }

  private Map<String, String> of(Map<String, String> fields) {
    if (fields.isEmpty()) {
      return fields;
    }
    Map<String, String> changed = new HashMap<>(fields);
    changed.replaceAll((name, value) -> extra.apply(value));
    return changed.equals(fields) ? fields : changed;
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
