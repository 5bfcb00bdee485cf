package io.millrace.workers.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a provider over HTTP. In configuration the names have underscores.
 *
 * @param baseUrl {@code base_url}, ending with a slash
 * @param connectTimeout {@code connect_timeout_ms}, 1 to 600,000, 5,000 when not set; how long a
 *     connection may take to come about
 * @param firstByteTimeout {@code first_byte_timeout_ms}, 1 to 600,000 (the default); how long the
 *     answer may take to begin. An answer that is not streamed begins when it is complete
 * @param idleTimeout {@code idle_timeout_ms}, 1 to 600,000, 60,000 when not set; how long an answer
 *     may pause once it has begun
 * @param maxResponseBytes {@code max_response_bytes}, 1,024 to 8,388,608 (the default); longer
 *     answers are refused
 * @param headers sent with every call, besides those of the format
 */
record HttpSettings(
    URI baseUrl,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    int maxResponseBytes,
    Map<String, String> headers) {

  private static final int MAX_MILLIS = 600_000;

  /** Below the largest record of a topic: an answer travels with its request. */
  private static final int MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

  private static final Set<String> OWN_HEADERS =
      Set.of("authorization", "api-key", "x-api-key", "content-type", "accept", "idempotency-key");

  /**
   * Reads settings; every one may be left out.
   *
   * @param defaultBaseUrl null where there is none: then the setting is required
   * @throws IllegalArgumentException naming the setting that is wrong and what would be right
   */
  static HttpSettings read(SettingsReader reader, @Nullable String defaultBaseUrl) {
    HttpSettings read =
        new HttpSettings(
            base(reader.text("base_url", defaultBaseUrl == null ? "" : defaultBaseUrl)),
            millis(reader, "connect_timeout_ms", 5_000),
            millis(reader, "first_byte_timeout_ms", MAX_MILLIS),
            millis(reader, "idle_timeout_ms", 60_000),
            (int)
                reader.integer("max_response_bytes", MAX_RESPONSE_BYTES, 1_024, MAX_RESPONSE_BYTES),
            reader.texts("headers"));
    read.headers().forEach((name, value) -> checkHeader(read.baseUrl(), name, value));
    return read;
  }

  /** Leaves out the values of headers: there may be a secret among them. */
  @Override
  public String toString() {
    return "HttpSettings[baseUrl=" + baseUrl + ", headers=" + headers.keySet() + "]";
  }

  private static Duration millis(SettingsReader reader, String name, int otherwise) {
    return Duration.ofMillis(reader.integer(name, otherwise, 1, MAX_MILLIS));
  }

  private static URI base(String baseUrl) {
    try {
      URI base = new URI(baseUrl.endsWith("/") ? baseUrl : baseUrl + "/");
      boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
      if (web
          && base.getHost() != null
          && base.getUserInfo() == null
          && base.getQuery() == null
          && base.getFragment() == null) {
        return base;
      }
    } catch (URISyntaxException e) {
      throw badBaseUrl(e);
    }
    throw badBaseUrl(null);
  }

  /** Does not repeat the address: there may be a password in it. */
  private static IllegalArgumentException badBaseUrl(@Nullable Exception cause) {
    return new IllegalArgumentException(
        "base_url must be like https://host/v1, without user, password or query", cause);
  }

  private static void checkHeader(URI base, String name, String value) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "headers.%s is set by the provider itself; take it out".formatted(name));
    }
    HttpRequest.Builder probe = HttpRequest.newBuilder(base);
    try {
      probe.header(name, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "headers.%s is not a header that may be sent".formatted(name));
    }
  }
}
