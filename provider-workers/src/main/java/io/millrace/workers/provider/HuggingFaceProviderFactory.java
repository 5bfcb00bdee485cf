package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.InstantSource;
import java.util.Map;

/**
 * Creates providers of type {@code huggingface}. Settings are the components of {@link
 * HttpSettings}, and {@code api}: {@code chat} (the default), the router's chat completions, or
 * {@code text_generation}, an endpoint that continues a text.
 */
public final class HuggingFaceProviderFactory implements ProviderFactory {

  private static final String TEXT_GENERATION_BASE = "https://router.huggingface.co/hf-inference";

  /** For the service loader. */
  public HuggingFaceProviderFactory() {}

  @Override
  public String type() {
    return OpenAiDialect.HUGGING_FACE.type();
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    SettingsReader reader = new SettingsReader(settings);
    InstantSource clock = InstantSource.system();
    Api api = reader.word("api", Api.class, Api.CHAT);
    boolean ownEndpoint = settings.containsKey("base_url");
    String base = api == Api.CHAT ? OpenAiDialect.HUGGING_FACE.baseUrl() : TEXT_GENERATION_BASE;
    HttpSettings http = HttpSettings.read(reader, base);
    reader.finish();
    WireFormat format =
        switch (api) {
          case CHAT -> new OpenAiFormat(OpenAiDialect.HUGGING_FACE, InstantSource.system());
          case TEXT_GENERATION -> new TextGenerationFormat(ownEndpoint, clock);
        };
    return new HttpProvider(name, http, format, clock);
  }

  /** Which of its interfaces is called. */
  private enum Api {
    CHAT,
    TEXT_GENERATION
  }
}
