package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Completion.Choice;
import io.millrace.plugin.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response body. Servers that only resemble the original leave out {@code id}, {@code model},
 * {@code created}, {@code usage} or a choice's {@code index}: these read as empty, 0, no tokens and
 * the place in the list.
 */
final class CompletionFormat {

  private static final String OBJECT = "chat.completion";

  private CompletionFormat() {}

  static Completion read(JsonNode body) throws InvalidBodyException {
    Fields fields = Fields.of(body, "");
    String id = Objects.requireNonNullElse(fields.text("id"), "");
    String model = Objects.requireNonNullElse(fields.text("model"), "");
    long created = Objects.requireNonNullElse(fields.int64("created"), 0L);
    List<Choice> choices = choices(fields);
    @Nullable JsonNode sent = fields.any(UsageFormat.NAME);
    Usage usage = UsageFormat.read(sent);
    Map<String, String> extra = fields.rest();
    extra.remove("object", "\"" + OBJECT + "\"");
    UsageFormat.keep(sent, usage, extra);
    return new Completion(id, model, created, choices, usage, extra);
  }

  static ObjectNode write(Completion completion) {
    ObjectNode body = JsonText.object().put("id", completion.id());
    if (!completion.extra().containsKey("object")) {
      body.put("object", OBJECT);
    }
    body.put("created", completion.createdSeconds()).put("model", completion.model());
    ArrayNode choices = body.putArray("choices");
    completion.choices().forEach(choice -> choices.add(write(choice)));
    body.set(UsageFormat.NAME, UsageFormat.write(completion.usage(), completion.extra()));
    JsonText.addMissing(body, completion.extra());
    return body;
  }

  private static List<Choice> choices(Fields fields) throws InvalidBodyException {
    fields.required("choices");
    List<Choice> choices = new ArrayList<>();
    for (JsonNode choice : fields.elements("choices")) {
      choices.add(choice(choice, choices.size()));
    }
    if (choices.isEmpty()) {
      throw fields.fault("choices", "must hold at least one choice, is empty");
    }
    return choices;
  }

  private static Choice choice(JsonNode choice, int place) throws InvalidBodyException {
    Fields fields = Fields.of(choice, "choices[" + place + "]");
    return new Choice(
        Objects.requireNonNullElse(fields.int32("index"), place),
        MessageFormat.readAnswer(fields.requiredObject("message")),
        fields.text("finish_reason"),
        fields.rest());
  }

  private static ObjectNode write(Choice choice) {
    ObjectNode body = JsonText.object().put("index", choice.index());
    body.set("message", MessageFormat.write(choice.message()));
    body.put("finish_reason", choice.finishReason());
    JsonText.addMissing(body, choice.extra());
    return body;
  }
}
