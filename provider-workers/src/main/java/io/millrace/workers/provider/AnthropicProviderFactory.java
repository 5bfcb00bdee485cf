package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.InstantSource;
import java.util.Map;

/**
 * Creates providers of type {@code anthropic}: the Messages interface. Settings are the components
 * of {@link HttpSettings}, and {@code max_tokens_default}: how long answers may be where the
 * request does not say, 1 to 1,000,000, 4,096 when not set.
 */
public final class AnthropicProviderFactory implements ProviderFactory {

  private static final String BASE_URL = "https://api.anthropic.com/v1";

  /** For the service loader. */
  public AnthropicProviderFactory() {}

  @Override
  public String type() {
    return "anthropic";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    SettingsReader reader = new SettingsReader(settings);
    HttpSettings http = HttpSettings.read(reader, BASE_URL);
    int maxTokens = (int) reader.integer("max_tokens_default", 4_096, 1, 1_000_000);
    reader.finish();
    InstantSource clock = InstantSource.system();
    return new HttpProvider(name, http, new AnthropicFormat(maxTokens, clock), clock);
  }
}
