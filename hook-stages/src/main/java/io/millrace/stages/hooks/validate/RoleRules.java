package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Holds the roles of messages to their order. Pure. */
record RoleRules(RoleOrder order) {

  private static final String KIND = "roles";
  private static final Set<String> SYSTEM = Set.of("system", "developer");
  private static final Set<String> KNOWN =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  void check(CompletionRequest request, Faults faults) {
    List<Message> messages = request.messages();
    if (messages.isEmpty()) {
      faults.add(KIND, "messages", "is empty, at least one message is needed");
    }
    Set<String> made = new HashSet<>();
    Set<String> open = new LinkedHashSet<>();
    boolean begun = false;
    for (int i = 0; i < messages.size() && !faults.full(); i++) {
      Message message = messages.get(i);
      String field = "messages[" + i + "]";
      checkKnown(message, field, faults);
      if (order != RoleOrder.ANY) {
        checkAnswer(message, field, made, faults);
      }
      if (order == RoleOrder.STRICT) {
        checkTurn(message, field, begun, open, faults);
      }
      begun |= !SYSTEM.contains(message.role());
      open.remove(message.toolCallId());
      for (ToolCall call : message.toolCalls()) {
        made.add(call.id());
        open.add(call.id());
      }
    }
    if (order == RoleOrder.STRICT && !messages.isEmpty()) {
      checkEnd(messages.getLast(), "messages[" + (messages.size() - 1) + "]", open, faults);
    }
  }

  private static void checkKnown(Message message, String field, Faults faults) {
    if (!KNOWN.contains(message.role())) {
      faults.add(
          KIND,
          field + ".role",
          "must be system, developer, user, assistant or tool, is '%s'",
          cut(message.role()));
    }
    if (message.content() == null
        && message.toolCalls().isEmpty()
        && !message.role().equals("assistant")
        && message.extra().isEmpty()) {
      faults.add(KIND, field + ".content", "is missing");
    }
  }

  private static void checkAnswer(Message message, String field, Set<String> made, Faults faults) {
    if (!message.role().equals("tool")) {
      return;
    }
    if (message.toolCallId() == null) {
      faults.add(KIND, field + ".tool_call_id", "is missing: which call does it answer?");
    } else if (!made.contains(message.toolCallId())) {
      faults.add(
          KIND,
          field + ".tool_call_id",
          "no assistant message before it makes a call '%s'",
          cut(message.toolCallId()));
    }
  }

  private static void checkTurn(
      Message message, String field, boolean begun, Set<String> open, Faults faults) {
    if (begun && SYSTEM.contains(message.role())) {
      faults.add(KIND, field + ".role", "%s messages must come first", message.role());
    }
    if (!open.isEmpty() && !message.role().equals("tool")) {
      faults.add(
          KIND,
          field + ".role",
          "call '%s' must be answered by a tool message first",
          cut(open.iterator().next()));
      open.clear();
    }
  }

  private static void checkEnd(Message last, String field, Set<String> open, Faults faults) {
    if (!open.isEmpty() || last.role().equals("assistant")) {
      faults.add(KIND, field + ".role", "the last message must be for the assistant to answer");
    }
  }

  private static String cut(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
