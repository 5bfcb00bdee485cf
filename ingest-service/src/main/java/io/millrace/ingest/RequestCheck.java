package io.millrace.ingest;

import io.millrace.plugin.model.Embeddings;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.RequestKind;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a request's content can be run: the first fault is reported with its place. */
final class RequestCheck {

  private static final int MAX_MODEL_CHARS = 256;
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");
  private static final Set<String> MAY_BE_EMPTY = Set.of("assistant", "function");
  private static final int MAX_HINTS = 16;
  private static final int MAX_HINT_CHARS = 256;
  private static final Pattern HINT = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern FALLBACK = Pattern.compile("[^/\\s]+/\\S+");

  private final AdmissionLimits limits;

  RequestCheck(AdmissionLimits limits) {
    this.limits = limits;
  }

  void check(CompletionRequest request) throws RefusedException {
    checkModel(request.getModel());
    checkMessages(request.getMessages());
    if (request.getKind() == RequestKind.EMBEDDINGS) {
      checkInputs(request.getMessages());
    }
    checkRange("temperature", request.getTemperature(), 0, Double.MAX_VALUE);
    checkRange("top_p", request.getTopP(), 0, 1);
    if (request.getMaxTokens() != null && request.getMaxTokens() < 1) {
      throw RefusedException.invalid(
          "max_tokens is " + request.getMaxTokens() + "; it must be at least 1");
    }
    checkFallbacks(request.getFallbacks());
    checkHints(request.getHints());
    checkJsonTexts(request);
  }

  /** Records written by other means than the HTTP interface may hold text that is no JSON. */
  private static void checkJsonTexts(CompletionRequest request) throws RefusedException {
    if (!holdsJsonText(request)) {
      return;
    }
    try {
      ChatCompletions.writeRequest(AvroModel.toModel(request));
    } catch (IllegalArgumentException e) {
      throw RefusedException.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static boolean holdsJsonText(CompletionRequest request) {
    return request.getKind() == RequestKind.EMBEDDINGS
        || request.getToolChoiceJson() != null
        || request.getResponseFormatJson() != null
        || !request.getTools().isEmpty()
        || !request.getExtra().isEmpty()
        || request.getMessages().stream()
            .anyMatch(
                message ->
                    !message.getExtra().isEmpty() || message.getContent() instanceof List<?>);
  }

  private static void checkModel(String model) throws RefusedException {
    if (model.isBlank() || model.length() > MAX_MODEL_CHARS) {
      throw RefusedException.invalid(
          "the model "
              + Quoted.of(model)
              + " is not a name of 1 to "
              + MAX_MODEL_CHARS
              + " characters, such as provider/model or auto");
    }
  }

  private void checkMessages(List<Message> messages) throws RefusedException {
    if (messages.isEmpty() || messages.size() > limits.maxMessages()) {
      throw RefusedException.invalid(
          "messages has "
              + messages.size()
              + " entries; it must have 1 to "
              + limits.maxMessages());
    }
    for (int i = 0; i < messages.size(); i++) {
      checkMessage("messages[" + i + "]", messages.get(i));
    }
  }

  private static void checkMessage(String where, Message message) throws RefusedException {
    String role = message.getRole();
    if (!ROLES.contains(role)) {
      throw RefusedException.invalid(
          where
              + ".role is "
              + Quoted.of(role)
              + "; it must be system, developer, user, assistant or tool");
    }
    if (message.getContent() == null && !MAY_BE_EMPTY.contains(role)) {
      throw RefusedException.invalid(
          where + ".content is missing; only an assistant message may be without");
    }
    if (role.equals("tool") && message.getToolCallId() == null) {
      throw RefusedException.invalid(
          where + ".tool_call_id is missing; a tool message must name the call it answers");
    }
  }

  /** Each input must give one vector, so each message must be one. */
  private static void checkInputs(List<Message> messages) throws RefusedException {
    if (messages.size() > Embeddings.MAX_INPUTS) {
      throw RefusedException.invalid(
          "there are "
              + messages.size()
              + " inputs to embed; at most "
              + Embeddings.MAX_INPUTS
              + " are allowed");
    }
    for (int i = 0; i < messages.size(); i++) {
      if (!messages.get(i).getRole().equals("user")) {
        throw RefusedException.invalid(
            "messages["
                + i
                + "].role is "
                + Quoted.of(messages.get(i).getRole())
                + "; each input to embed is a user message");
      }
    }
  }

  private static void checkRange(String name, @Nullable Double value, double min, double max)
      throws RefusedException {
    if (value != null && !(value >= min && value <= max)) {
      throw RefusedException.invalid(
          name
              + " is "
              + value
              + "; it must be "
              + (max == 1 ? "between 0 and 1" : "a number of at least 0"));
    }
  }

  private static void checkHints(Map<String, String> hints) throws RefusedException {
    if (hints.size() > MAX_HINTS) {
      throw RefusedException.invalid(
          "there are " + hints.size() + " hints; at most " + MAX_HINTS + " are allowed");
    }
    for (Map.Entry<String, String> hint : hints.entrySet()) {
      if (!HINT.matcher(hint.getKey()).matches()) {
        throw RefusedException.invalid(
            "the hint "
                + Quoted.of(hint.getKey())
                + " is not 1 to 64 lower case letters, digits and hyphens, a letter first");
      }
      if (hint.getValue().length() > MAX_HINT_CHARS) {
        throw RefusedException.invalid(
            "the hint "
                + hint.getKey()
                + " has "
                + hint.getValue().length()
                + " characters; at most "
                + MAX_HINT_CHARS
                + " are allowed");
      }
    }
  }

  private void checkFallbacks(List<String> fallbacks) throws RefusedException {
    if (fallbacks.size() > limits.maxFallbacks()) {
      throw RefusedException.invalid(
          "there are "
              + fallbacks.size()
              + " fallbacks; at most "
              + limits.maxFallbacks()
              + " are allowed");
    }
    for (String fallback : fallbacks) {
      if (!FALLBACK.matcher(fallback).matches()) {
        throw RefusedException.invalid(
            "the fallback " + Quoted.of(fallback) + " is not of the form provider/model");
      }
    }
  }
}
