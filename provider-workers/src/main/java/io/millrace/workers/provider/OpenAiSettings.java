package io.millrace.workers.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How to reach a provider. In configuration the names have underscores.
 *
 * @param endpoint where completions are asked for: {@code base_url} with {@code /chat/completions}
 *     put to its end; {@code https://api.openai.com/v1} when not set
 * @param connectTimeout {@code connect_timeout_ms}, 1 to 600,000, 5,000 when not set; how long a
 *     connection may take to come about
 * @param maxResponseBytes {@code max_response_bytes}, 1,024 to 8,388,608 (the default); longer
 *     answers are refused
 * @param headers sent with every call, besides those of the format
 */
record OpenAiSettings(
    URI endpoint, Duration connectTimeout, int maxResponseBytes, Map<String, String> headers) {

  /** Below the largest record of a topic: an answer travels with its request. */
  private static final int MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

  private static final Set<String> OWN_HEADERS =
      Set.of("authorization", "content-type", "accept", "idempotency-key");

  /**
   * Reads settings; every one may be left out.
   *
   * @throws IllegalArgumentException naming the setting that is wrong and what would be right
   */
  static OpenAiSettings of(Map<String, Object> settings) {
    SettingsReader reader = new SettingsReader(settings);
    OpenAiSettings read =
        new OpenAiSettings(
            endpoint(reader.text("base_url", "https://api.openai.com/v1")),
            Duration.ofMillis(reader.integer("connect_timeout_ms", 5_000, 1, 600_000)),
            (int)
                reader.integer("max_response_bytes", MAX_RESPONSE_BYTES, 1_024, MAX_RESPONSE_BYTES),
            reader.texts("headers"));
    reader.finish();
    read.headers().forEach((name, value) -> checkHeader(read.endpoint(), name, value));
    return read;
  }

  private static URI endpoint(String baseUrl) {
    try {
      URI base = new URI(baseUrl.endsWith("/") ? baseUrl : baseUrl + "/");
      boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
      if (web && base.getHost() != null && base.getUserInfo() == null && base.getQuery() == null) {
        return base.resolve("chat/completions");
      }
    } catch (URISyntaxException e) {
      throw badBaseUrl(e);
    }
    throw badBaseUrl(null);
  }

  /** Does not repeat the address: there may be a password in it. */
  private static IllegalArgumentException badBaseUrl(
      @org.jspecify.annotations.Nullable Exception cause) {
    return new IllegalArgumentException(
        "base_url must be like https://host/v1, without user, password or query", cause);
  }

  private static void checkHeader(URI endpoint, String name, String value) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "headers.%s is set by the provider itself; take it out".formatted(name));
    }
    HttpRequest.Builder probe = HttpRequest.newBuilder(endpoint);
    try {
      probe.header(name, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "headers.%s is not a header that may be sent".formatted(name));
    }
  }
}
