package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a provider's list of models ({@code data}, each with an {@code id}) and what it says of
 * them, in the words of OpenRouter, Hugging Face's router, Mistral, Groq, Anthropic, vLLM and
 * llama.cpp. Models that do not answer chat requests are left out: as the list says, or else by
 * their names, since OpenAI's says nothing but names.
 */
final class ModelList {

  /**
   * Parts of names that only models of other kinds have; OpenAI's {@code pro} and {@code
   * deep-research} answer elsewhere.
   */
  private static final Pattern OTHER_KINDS =
      Pattern.compile(
          "(^|[^a-z])(embed|embedding|embeddings|whisper|tts|dall|sora|imagen|image|moderation|"
              + "realtime|transcribe|rerank|ocr|guard|safeguard|orpheus|babbage|davinci|audio|"
              + "deep-research|turbo-instruct|gpt-[0-9.]+-pro|o[0-9]-pro)"
              + "([^a-z]|$)");

  private static final List<String> CONTEXT =
      List.of("context_length", "context_window", "max_context_length", "max_model_len");

  private ModelList() {}

  /**
   * Reads a list.
   *
   * @throws InvalidBodyException when it is none
   */
  static List<ModelInfo> read(JsonNode body) throws InvalidBodyException {
    if (!body.path("data").isArray()) {
      throw new InvalidBodyException("data must be a list of models", "data");
    }
    List<ModelInfo> models = new ArrayList<>();
    for (JsonNode model : body.path("data")) {
      if (model.path("id").isTextual() && chats(model)) {
        models.add(info(model));
      }
    }
    return models;
  }

  private static boolean chats(JsonNode model) {
    if (!model.path("active").asBoolean(true)) {
      return false;
    }
    JsonNode chat = model.path("capabilities").path("completion_chat");
    JsonNode output = model.path("architecture").path("output_modalities");
    if (chat.isBoolean()) {
      return chat.asBoolean();
    }
    return output.isArray()
        ? has(output, Set.of("text"))
        : !OTHER_KINDS.matcher(model.path("id").asText().toLowerCase(Locale.ROOT)).find();
  }

  private static ModelInfo info(JsonNode model) {
    return new ModelInfo(
        model.path("id").asText(),
        true,
        false,
        true,
        vision(model),
        Set.of(),
        null,
        null,
        null,
        null,
        context(model),
        number(model.path("max_input_tokens")),
        outputOf(model),
        null,
        null,
        null,
        null);
  }

  /** Of whom nothing is said it is not known that it cannot. */
  private static boolean vision(JsonNode model) {
    JsonNode input = model.path("architecture").path("input_modalities");
    if (input.isArray()) {
      return has(input, Set.of("image"));
    }
    JsonNode capabilities = model.path("capabilities");
    JsonNode image = capabilities.path("image_input").path("supported");
    return capabilities.path("vision").asBoolean(image.asBoolean(true));
  }

  private static boolean has(JsonNode list, Set<String> words) {
    for (JsonNode word : list) {
      if (words.contains(word.asText())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Long context(JsonNode model) {
    for (String name : CONTEXT) {
      Long size = number(model.path(name));
      if (size != null) {
        return size;
      }
    }
    Long longest = null;
    for (JsonNode provider : model.path("providers")) {
      Long size = number(provider.path("context_length"));
      if (size != null && (longest == null || size > longest)) {
        longest = size;
      }
    }
    return longest;
  }

  private static @Nullable Long outputOf(JsonNode model) {
    Long own = number(model.path("max_completion_tokens"));
    Long above = own == null ? number(model.at("/top_provider/max_completion_tokens")) : own;
    // Anthropic's word for it, beside max_input_tokens.
    return above == null && model.has("max_input_tokens")
        ? number(model.path("max_tokens"))
        : above;
  }

  private static @Nullable Long number(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() > 0
        ? value.asLong()
        : null;
  }
}
