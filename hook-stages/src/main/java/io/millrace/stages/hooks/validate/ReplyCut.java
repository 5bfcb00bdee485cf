package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.stages.hooks.texts.TextMapping;

/**
 * Cuts the text of each choice of a reply at a bound; one that was cut says it ended for its
 * length.
 *
 * @param maxCharacters the bound, or 0 for none
 */
record ReplyCut(int maxCharacters) {

  Completion of(Completion completion) {
    return maxCharacters == 0 ? completion : TextMapping.eachChoice(completion, this::of);
  }

  private Completion.Choice of(Completion.Choice choice) {
    Message message = choice.message();
    String text = message.text();
    if (text.length() <= maxCharacters) {
      return choice;
    }
    // Half a character is none.
    int end =
        Character.isHighSurrogate(text.charAt(maxCharacters - 1))
            ? maxCharacters - 1
            : maxCharacters;
    Message cut =
        new Message(
            message.role(),
            new Content.Text(text.substring(0, end)),
            message.name(),
            message.toolCalls(),
            message.toolCallId(),
            message.extra());
    return new Completion.Choice(choice.index(), cut, "length", choice.extra());
  }
}
