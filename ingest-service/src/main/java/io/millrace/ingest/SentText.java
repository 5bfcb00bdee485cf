package io.millrace.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Completion.Choice;
import io.millrace.schemas.openai.ChatChunks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much of an answer's text has reached the caller, so that a stream that breaks off can be
 * completed from the whole answer. Keeps lengths and fingerprints, not the text. For one thread.
 */
final class SentText {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Polynomial fingerprint modulo 2^64; odd, and not near a power of two. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Map<Integer, Sent> byChoice = new HashMap<>();

  /** False once something was sent that is more than text. */
  private boolean textOnly = true;

  private static final class Sent {
    private int length;
    private long fingerprint;
    private boolean finished;
  }

  /** Notes a piece. */
  void add(String json) {
    try {
      JsonNode chunk = MAPPER.readTree(json);
      if (!chunk.path("choices").isArray()) {
        textOnly = false;
        return;
      }
      chunk.path("choices").forEach(this::addChoice);
    } catch (JsonProcessingException e) {
      textOnly = false;
    }
  }

  private void addChoice(JsonNode choice) {
    Sent sent = byChoice.computeIfAbsent(choice.path("index").asInt(), index -> new Sent());
    JsonNode delta = choice.path("delta");
    JsonNode content = delta.path("content");
    sent.finished |= choice.path("finish_reason").isTextual();
    textOnly &= delta.path("tool_calls").isEmpty() && !content.isArray();
    if (content.isTextual()) {
      sent.fingerprint = fingerprint(sent.fingerprint, content.textValue());
      sent.length += content.textValue().length();
    }
  }

  /** The pieces that are missing; empty when what was sent is not the beginning of this answer. */
  Optional<List<String>> missingOf(Completion answer) {
    List<String> missing = new ArrayList<>();
    for (Choice choice : answer.choices()) {
      @Nullable Sent sent = byChoice.get(choice.index());
      if (sent == null) {
        missing.addAll(ChatChunks.of(only(answer, choice)));
      } else if (!textOnly
          || !choice.message().toolCalls().isEmpty()
          || !isBeginning(sent, choice)) {
        return Optional.empty();
      } else if (!sent.finished) {
        missing.addAll(ChatChunks.rest(answer, choice, sent.length));
      }
    }
    return Optional.of(missing);
  }

  private static boolean isBeginning(Sent sent, Choice choice) {
    String text = choice.message().text();
    return sent.length <= text.length()
        && fingerprint(0, text.substring(0, sent.length)) == sent.fingerprint
        && (!sent.finished || sent.length == text.length());
  }

  private static Completion only(Completion answer, Choice choice) {
    return new Completion(
        answer.id(),
        answer.model(),
        answer.createdSeconds(),
        List.of(choice),
        answer.usage(),
        answer.extra());
  }

  private static long fingerprint(long before, String text) {
    long fingerprint = before;
    for (int i = 0; i < text.length(); i++) {
      fingerprint = fingerprint * FACTOR + text.charAt(i) + 1;
    }
    return fingerprint;
  }
}
