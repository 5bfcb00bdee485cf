package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.InstantSource;
import java.util.Map;

/**
 * Creates providers of type {@code azure}: OpenAI's models in a resource of one's own. The model's
 * name is the deployment's. Settings are the components of {@link HttpSettings}, of which {@code
 * base_url} is required ({@code https://NAME.openai.azure.com}), and {@code api_version}: a date,
 * {@code 2024-10-21} when not set, or {@code v1}.
 */
public final class AzureProviderFactory implements ProviderFactory {

  /** For the service loader. */
  public AzureProviderFactory() {}

  @Override
  public String type() {
    return "azure";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    SettingsReader reader = new SettingsReader(settings);
    String version = reader.text("api_version", "2024-10-21");
    if (!version.matches("v1|[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?")) {
      throw new IllegalArgumentException(
          "api_version must be v1 or a date like 2024-10-21, is '%s'".formatted(version));
    }
    OpenAiDialect dialect = OpenAiDialect.azure(version);
    HttpSettings http = HttpSettings.read(reader, dialect.baseUrl());
    reader.finish();
    return new HttpProvider(
        name, http, new OpenAiFormat(dialect, InstantSource.system()), InstantSource.system());
  }
}
