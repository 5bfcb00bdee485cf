package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.InstantSource;
import java.util.Map;

/**
 * Creates providers of type {@code openai}: anything that speaks the OpenAI chat completions
 * format. Settings are the components of {@link OpenAiSettings}.
 */
public final class OpenAiProviderFactory implements ProviderFactory {

  /** For the service loader. */
  public OpenAiProviderFactory() {}

  @Override
  public String type() {
    return "openai";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return new OpenAiProvider(name, OpenAiSettings.of(settings), InstantSource.system());
  }
}
