package io.millrace.schemas.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * What the client of the registry is told by its configuration, checked. Every key may also carry
 * the prefix {@code schema.registry.}.
 *
 * @param endpoints at least one, in the order of preference
 * @param ssl the TLS context for https addresses, or null for the platform's own
 * @param connectTimeout how long to wait for a connection
 * @param requestTimeout how long to wait for one whole answer
 * @param maxRetries how often all addresses are tried again
 * @param retryWait the first pause before trying again
 * @param retryMaxWait the longest pause
 * @param missingTtl how long "there is no such schema" is believed
 * @param latestTtl how long an answer to "which is the newest" is believed
 */
record RegistrySettings(
    List<Endpoint> endpoints,
    @Nullable SSLContext ssl,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxRetries,
    Duration retryWait,
    Duration retryMaxWait,
    Duration missingTtl,
    Duration latestTtl) {

  private static final String PREFIX = "schema.registry.";
  private static final String URL = "schema.registry.url";

  /** Names of the keys that are not namespaced and not Kafka's either. */
  static final List<String> PLAIN_KEYS =
      List.of(
          "http.connect.timeout.ms",
          "http.read.timeout.ms",
          "max.retries",
          "retries.wait.ms",
          "retries.max.wait.ms",
          "missing.id.cache.ttl.sec",
          "latest.cache.ttl.sec");

  /** One address of the registry and the {@code Authorization} header that goes there. */
  record Endpoint(URI base, Optional<String> authorization) {

    /** Never shows the credentials. */
    @Override
    public String toString() {
      return base.toString();
    }
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException with the key at fault, never with a secret
   */
  static RegistrySettings of(Map<String, ?> properties) {
    var keys = new Keys(properties);
    var credentials = new RegistryCredentials(keys::text, properties);
    return new RegistrySettings(
        endpoints(keys, credentials),
        RegistryTls.contextOf(properties),
        keys.pause("http.connect.timeout.ms", 5_000),
        keys.pause("http.read.timeout.ms", 10_000),
        keys.count("max.retries", 3),
        keys.pause("retries.wait.ms", 200),
        keys.pause("retries.max.wait.ms", 2_000),
        keys.lifetime("missing.id.cache.ttl.sec", 10),
        keys.lifetime("latest.cache.ttl.sec", 60));
  }

  private static List<Endpoint> endpoints(Keys keys, RegistryCredentials credentials) {
    String urls = keys.text(URL).orElse("");
    List<Endpoint> endpoints =
        Arrays.stream(urls.split(","))
            .map(String::strip)
            .filter(url -> !url.isEmpty())
            .map(url -> endpoint(url, credentials))
            .toList();
    if (endpoints.isEmpty()) {
      throw new ConfigException(
          URL + " is not set; give the registry's address, e.g. http://localhost:8081");
    }
    return endpoints;
  }

  private static Endpoint endpoint(String url, RegistryCredentials credentials) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
        throw new ConfigException(
            URL + " has an address that is not http://host:port or https://host:port");
      }
      String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
      URI base = new URI(scheme + "://" + hostAndPort(uri) + path);
      return new Endpoint(base, credentials.authorizationFor(uri));
    } catch (URISyntaxException e) {
      throw new ConfigException(URL + " has an address that is no URL: " + e.getReason());
    }
  }

  private static String hostAndPort(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /** Looks keys up with and without the prefix. */
  private record Keys(Map<String, ?> properties) {

    Optional<String> text(String key) {
      Object value = properties.get(PREFIX + key);
      if (value == null) {
        value = properties.get(key);
      }
      return Optional.ofNullable(value).map(Secrets::textOf).filter(text -> !text.isBlank());
    }

    Duration pause(String key, long byDefaultMillis) {
      return Duration.ofMillis(number(key, 1, byDefaultMillis));
    }

    Duration lifetime(String key, long byDefaultSeconds) {
      return Duration.ofSeconds(number(key, 0, byDefaultSeconds));
    }

    int count(String key, long byDefault) {
      return (int) number(key, 0, byDefault);
    }

    private long number(String key, long least, long byDefault) {
      return text(key).map(text -> number(key, text.strip(), least)).orElse(byDefault);
    }

    private static long number(String key, String text, long least) {
      long number;
      try {
        number = Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new ConfigException(key + " must be a whole number, not " + text);
      }
      if (number < least || number > Integer.MAX_VALUE) {
        throw new ConfigException(
            key + " must be at least " + least + " and at most 2147483647, not " + text);
      }
      return number;
    }
  }
}
