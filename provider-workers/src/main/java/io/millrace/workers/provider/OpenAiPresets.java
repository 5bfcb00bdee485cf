package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.util.Map;

/**
 * Types for servers that speak the chat completions format: each is {@code openai} with the
 * server's address, and with what it does differently.
 */
public final class OpenAiPresets {

  private OpenAiPresets() {}

  /** What presets share. */
  abstract static class Preset implements ProviderFactory {

    private final OpenAiDialect dialect;

    Preset(OpenAiDialect dialect) {
      this.dialect = dialect;
    }

    @Override
    public final String type() {
      return dialect.type();
    }

    @Override
    public final Provider create(String name, Map<String, Object> settings) {
      return OpenAiProviderFactory.provider(name, settings, dialect);
    }
  }

  /** vLLM's own server. */
  public static final class Vllm extends Preset {
    /** For the service loader. */
    public Vllm() {
      super(OpenAiDialect.VLLM);
    }
  }

  /** Ollama. */
  public static final class Ollama extends Preset {
    /** For the service loader. */
    public Ollama() {
      super(OpenAiDialect.OLLAMA);
    }
  }

  /** The server of llama.cpp. */
  public static final class LlamaCpp extends Preset {
    /** For the service loader. */
    public LlamaCpp() {
      super(OpenAiDialect.LLAMA_CPP);
    }
  }

  /** Groq. */
  public static final class Groq extends Preset {
    /** For the service loader. */
    public Groq() {
      super(OpenAiDialect.GROQ);
    }
  }

  /** Mistral. */
  public static final class Mistral extends Preset {
    /** For the service loader. */
    public Mistral() {
      super(OpenAiDialect.MISTRAL);
    }
  }

  /** OpenRouter. */
  public static final class OpenRouter extends Preset {
    /** For the service loader. */
    public OpenRouter() {
      super(OpenAiDialect.OPENROUTER);
    }
  }
}
