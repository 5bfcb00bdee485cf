package io.millrace.schemas.registry;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS from {@code schema.registry.ssl.*}: the names, types (JKS, PKCS12, PEM) and defaults of
 * Kafka's own {@code ssl.*} keys, read by Kafka's own code.
 */
final class RegistryTls {

  private static final String PREFIX = "schema.registry.";
  private static final String SSL_PREFIX = PREFIX + "ssl.";

  private RegistryTls() {}

  /** The context, or null when no key asks for one. */
  static @Nullable SSLContext contextOf(Map<String, ?> properties) {
    Map<String, Object> ssl = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(SSL_PREFIX) && value != null) {
            ssl.put(key.substring(PREFIX.length()), value);
          }
        });
    if (ssl.isEmpty()) {
      return null;
    }
    requireHostnameCheck(ssl);
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(definition.parse(ssl));
      return factory.sslContext();
    }
  }

  private static void requireHostnameCheck(Map<String, Object> ssl) {
    Object algorithm = ssl.get(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
    if (algorithm != null && !algorithm.toString().equalsIgnoreCase("https")) {
      throw new ConfigException(
          SSL_PREFIX
              + "endpoint.identification.algorithm must be https: the registry's certificate is"
              + " always checked against its host name");
    }
  }
}
