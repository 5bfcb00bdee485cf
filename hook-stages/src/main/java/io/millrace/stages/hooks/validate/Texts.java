package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes control characters out of messages; what has none stays the same instance. */
final class Texts {

  private Texts() {}

  static List<Message> clean(List<Message> messages) {
    return each(messages, Texts::clean);
  }

  static Completion clean(Completion completion) {
    List<Completion.Choice> choices =
        each(
            completion.choices(),
            choice -> {
              Message message = clean(choice.message());
              return message == choice.message()
                  ? choice
                  : new Completion.Choice(
                      choice.index(), message, choice.finishReason(), choice.extra());
            });
    return withChoices(completion, choices);
  }

  static Completion withChoices(Completion completion, List<Completion.Choice> choices) {
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

  /** The list with each element changed; the same instance where none is. */
  static <T> List<T> each(List<T> list, UnaryOperator<T> change) {
    List<T> changed = new ArrayList<>(list.size());
    boolean same = true;
    for (T element : list) {
      T next = change.apply(element);
      same &= next == element;
      changed.add(next);
    }
    return same ? list : changed;
  }

  /** The place of a control character, in words, or null. */
  static @Nullable String controlIn(Message message) {
    if (message.content() instanceof Content.Text text
        && ControlCharacters.firstIn(text.text()) >= 0) {
      return ".content";
    }
    if (message.content() instanceof Content.Parts parts) {
      for (int i = 0; i < parts.parts().size(); i++) {
        if (parts.parts().get(i) instanceof Content.TextPart text
            && ControlCharacters.firstIn(text.text()) >= 0) {
          return ".content[" + i + "].text";
        }
      }
    }
    for (int i = 0; i < message.toolCalls().size(); i++) {
      String arguments = message.toolCalls().get(i).arguments();
      if (!ControlCharacters.strippedFromJson(arguments).equals(arguments)) {
        return ".tool_calls[" + i + "].function.arguments";
      }
    }
    return null;
  }

  private static Message clean(Message message) {
    @Nullable Content content = message.content() == null ? null : clean(message.content());
    List<ToolCall> calls = each(message.toolCalls(), Texts::clean);
    return content == message.content() && calls == message.toolCalls()
        ? message
        : new Message(
            message.role(), content, message.name(), calls, message.toolCallId(), message.extra());
  }

  private static Content clean(Content content) {
    return switch (content) {
      case Content.Text text -> {
        String clean = ControlCharacters.strippedFrom(text.text());
        yield clean.equals(text.text()) ? text : new Content.Text(clean);
      }
      case Content.Parts parts -> {
        List<Content.Part> clean = each(parts.parts(), Texts::clean);
        yield clean == parts.parts() ? parts : new Content.Parts(clean);
      }
    };
  }

  private static Content.Part clean(Content.Part part) {
    if (!(part instanceof Content.TextPart text)) {
      return part;
    }
    String clean = ControlCharacters.strippedFrom(text.text());
    return clean.equals(text.text()) ? part : new Content.TextPart(clean);
  }

  private static ToolCall clean(ToolCall call) {
    String clean = ControlCharacters.strippedFromJson(call.arguments());
    return clean.equals(call.arguments()) ? call : new ToolCall(call.id(), call.name(), clean);
  }
}
