package io.millrace.workers.provider;

import io.millrace.plugin.provider.ProviderRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP requests of a provider. Thread-safe. */
final class HttpRequests {

  private final HttpSettings settings;
  private final WireFormat format;

  HttpRequests(HttpSettings settings, WireFormat format) {
    this.settings = settings;
    this.format = format;
  }

  /** Whether a key fits into a header; none always does. */
  static boolean isUsable(@Nullable String key) {
    return key == null || isHeaderText(key);
  }

  /** Whether a text fits into a header. */
  static boolean isHeaderText(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /**
   * A call.
   *
   * @throws UnmappableRequestException when the format has no way to say it
   * @throws IllegalArgumentException when the request's fields do not hold what they must
   */
  HttpRequest call(ProviderRequest request, boolean streamed) throws UnmappableRequestException {
    WireCall call = format.write(request, streamed);
    HttpRequest.Builder http =
        begin(call.path(), request.apiKey())
            .header("Content-Type", "application/json")
            .header("Accept", streamed ? "text/event-stream, application/json" : "application/json")
            .POST(
                BodyPublishers.ofByteArray(
                    call.body().toString().getBytes(StandardCharsets.UTF_8)));
    call.headers().forEach(http::header);
    return http.build();
  }

  /** A look at the provider's health, or empty where there is none. */
  Optional<HttpRequest> health(@Nullable String key) {
    return format.healthPath().map(path -> get(path, key));
  }

  /** A question for the provider's models, or empty where there is none. */
  Optional<HttpRequest> models(@Nullable String key) {
    return format.modelsPath().map(path -> get(path, key));
  }

  private HttpRequest get(String path, @Nullable String key) {
    return begin(path, key).header("Accept", "application/json").GET().build();
  }

  private HttpRequest.Builder begin(String path, @Nullable String key) {
    HttpRequest.Builder http = HttpRequest.newBuilder(address(path));
    format.headers().forEach(http::header);
    settings.headers().forEach(http::setHeader);
    if (key != null) {
      format.authorization(key).forEach(http::header);
    }
    return http;
  }

  /** An empty path is the base address itself. */
  private URI address(String path) {
    String base = settings.baseUrl().toString();
    return URI.create(path.isEmpty() ? base.substring(0, base.length() - 1) : base + path);
  }
}
