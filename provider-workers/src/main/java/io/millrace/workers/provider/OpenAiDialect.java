package io.millrace.workers.provider;

import org.jspecify.annotations.Nullable;

/**
 * What one kind of server that speaks the chat completions format does differently.
 *
 * @param type the provider type in configuration
 * @param baseUrl where it is when nobody says, or null: then {@code base_url} is required
 * @param paths where it listens below that
 * @param keyHeader the header that carries the key: {@code Authorization} as a bearer token, any
 *     other as it is
 * @param fields which fields of a request it takes
 */
record OpenAiDialect(
    String type, @Nullable String baseUrl, Paths paths, String keyHeader, Fields fields) {

  /** Which fields of a request are taken. */
  enum Fields {
    /** Those of OpenAI; others are at least passed over. */
    ALL,
    /** Unknown ones are refused, and some have other names: see {@link MistralBody}. */
    MISTRAL,
    /** {@code max_completion_tokens} is passed over, {@code max_tokens} is not. */
    OLLAMA
  }

  static final String AUTHORIZATION = "Authorization";
  private static final Paths PLAIN =
      new Paths("chat/completions", "embeddings", "models", "models");

  /** OpenAI itself, and whatever is like it. */
  static final OpenAiDialect OPENAI = bearer("openai", "https://api.openai.com/v1");

  static final OpenAiDialect VLLM = bearer("vllm", "http://127.0.0.1:8000/v1");
  static final OpenAiDialect OLLAMA =
      new OpenAiDialect("ollama", "http://127.0.0.1:11434/v1", PLAIN, AUTHORIZATION, Fields.OLLAMA);
  static final OpenAiDialect LLAMA_CPP = bearer("llamacpp", "http://127.0.0.1:8080/v1");
  static final OpenAiDialect GROQ = bearer("groq", "https://api.groq.com/openai/v1");
  static final OpenAiDialect HUGGING_FACE =
      bearer("huggingface", "https://router.huggingface.co/v1");

  static final OpenAiDialect MISTRAL =
      new OpenAiDialect(
          "mistral", "https://api.mistral.ai/v1", PLAIN, AUTHORIZATION, Fields.MISTRAL);

  /** Its list of models is open to all, so a look at its health is a look at the key. */
  static final OpenAiDialect OPENROUTER =
      new OpenAiDialect(
          "openrouter",
          "https://openrouter.ai/api/v1",
          new Paths("chat/completions", "embeddings", "key", "models"),
          AUTHORIZATION,
          Fields.ALL);

  private static OpenAiDialect bearer(String type, String baseUrl) {
    return new OpenAiDialect(type, baseUrl, PLAIN, AUTHORIZATION, Fields.ALL);
  }

  /**
   * Azure: each deployment has a path of its own, until version {@code v1}.
   *
   * @param apiVersion {@code v1}, or a date as in {@code 2024-10-21}
   */
  static OpenAiDialect azure(String apiVersion) {
    String query = "?api-version=" + apiVersion;
    Paths paths =
        apiVersion.equals("v1")
            ? new Paths(
                "openai/v1/chat/completions", "openai/v1/embeddings", "openai/v1/models", null)
            : new Paths(
                "openai/deployments/" + Paths.MODEL + "/chat/completions" + query,
                "openai/deployments/" + Paths.MODEL + "/embeddings" + query,
                "openai/models" + query,
                null);
    return new OpenAiDialect("azure", null, paths, "api-key", Fields.ALL);
  }

  /**
   * Paths below the base address.
   *
   * @param chat where completions are asked for; {@code {model}} stands for the model
   * @param embeddings where vectors are asked for; likewise
   * @param health what a look at the health gets
   * @param models where the models are listed by the names that calls have, or null
   */
  record Paths(String chat, String embeddings, String health, @Nullable String models) {

    private static final String MODEL = "{model}";

    /** Where completions of a model are asked for. */
    String chat(String model) {
      return chat.replace(MODEL, PathText.segment(model));
    }

    /** Where vectors of a model are asked for. */
    String embeddings(String model) {
      return embeddings.replace(MODEL, PathText.segment(model));
    }
  }
}
