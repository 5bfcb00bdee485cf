package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Tool;
import io.millrace.plugin.model.ToolCall;
import java.util.List;
import java.util.Map;

/** Holds the size of a request and the depth of its JSON to bounds. Pure. */
record SizeRules(Bounds bounds) {

  void check(CompletionRequest request, Faults faults) {
    List<Message> messages = request.messages();
    if (request.kind() == RequestKind.CHAT) { // inputs to embed are no conversation
      faults.atMost("size", "messages", "messages", messages.size(), bounds.messages());
    }
    faults.atMost("size", "tools", "tools", request.tools().size(), bounds.tools());
    faults.atMost("size", "stop", "sequences", request.stop().size(), bounds.stopSequences());
    long total = 0;
    for (int i = 0; i < messages.size() && !faults.full(); i++) {
      long characters = charactersOf(messages.get(i));
      total += characters;
      String field = "messages[" + i + "]";
      faults.atMost(
          "size", field + ".content", "characters", characters, bounds.messageCharacters());
      checkJson(messages.get(i), field, faults);
    }
    faults.atMost("size", "messages", "characters", total, bounds.characters());
    checkJson(request, faults);
  }

  static long charactersOf(Message message) {
    long characters =
        switch (message.content()) {
          case null -> 0;
          case Content.Text text -> text.text().length();
          case Content.Parts parts ->
              parts.parts().stream()
                  .mapToLong(
                      part -> part instanceof Content.TextPart text ? text.text().length() : 0)
                  .sum();
        };
    for (ToolCall call : message.toolCalls()) {
      characters += call.arguments().length();
    }
    return characters;
  }

  private void checkJson(Message message, String field, Faults faults) {
    if (message.content() instanceof Content.Parts parts) {
      for (int i = 0; i < parts.parts().size(); i++) {
        if (parts.parts().get(i) instanceof Content.OtherPart other) {
          checkDepth(field + ".content[" + i + "]", other.json(), faults);
        }
      }
    }
    for (int i = 0; i < message.toolCalls().size(); i++) {
      String arguments = message.toolCalls().get(i).arguments();
      checkDepth(field + ".tool_calls[" + i + "].function.arguments", arguments, faults);
    }
    checkDepths(field + ".", message.extra(), faults);
  }

  private void checkJson(CompletionRequest request, Faults faults) {
    if (request.responseFormatJson() != null) {
      checkDepth("response_format", request.responseFormatJson(), faults);
    }
    if (request.toolChoiceJson() != null) {
      checkDepth("tool_choice", request.toolChoiceJson(), faults);
    }
    for (int i = 0; i < request.tools().size() && !faults.full(); i++) {
      switch (request.tools().get(i)) {
        case Tool.Function function -> {
          if (function.parametersJson() != null) {
            String field = "tools[" + i + "].function.parameters";
            checkDepth(field, function.parametersJson(), faults);
          }
        }
        case Tool.Other other -> checkDepth("tools[" + i + "]", other.json(), faults);
      }
    }
    checkDepths("", request.extra(), faults);
  }

  private void checkDepths(String prefix, Map<String, String> values, Faults faults) {
    values.forEach((name, json) -> checkDepth(prefix + name, json, faults));
  }

  private void checkDepth(String field, String json, Faults faults) {
    int depth = JsonDepth.of(json);
    if (depth > bounds.jsonDepth()) {
      faults.add(
          "json-depth",
          field,
          "objects and lists lie %,d deep in each other, at most %,d is allowed",
          depth,
          bounds.jsonDepth());
    }
  }
}
