package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.InstantSource;
import java.util.Map;

/**
 * Creates providers of type {@code openai}: anything that speaks the OpenAI chat completions
 * format. Settings are the components of {@link HttpSettings}.
 */
public final class OpenAiProviderFactory implements ProviderFactory {

  /** For the service loader. */
  public OpenAiProviderFactory() {}

  @Override
  public String type() {
    return OpenAiDialect.OPENAI.type();
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return provider(name, settings, OpenAiDialect.OPENAI);
  }

  static Provider provider(String name, Map<String, Object> settings, OpenAiDialect dialect) {
    SettingsReader reader = new SettingsReader(settings);
    HttpSettings http = HttpSettings.read(reader, dialect.baseUrl());
    reader.finish();
    return new HttpProvider(
        name, http, new OpenAiFormat(dialect, InstantSource.system()), InstantSource.system());
  }
}
