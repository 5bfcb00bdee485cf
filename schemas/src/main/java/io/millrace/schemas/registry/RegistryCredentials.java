package io.millrace.schemas.registry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Who the client says it is: {@code basic.auth.credentials.source} URL, USER_INFO or SASL_INHERIT,
 * or a static bearer token.
 */
final class RegistryCredentials {

  private static final String BASIC_SOURCE = "basic.auth.credentials.source";
  private static final String BASIC_USER_INFO = "basic.auth.user.info";
  private static final String BEARER_SOURCE = "bearer.auth.credentials.source";
  private static final String BEARER_TOKEN = "bearer.auth.token";

  private final Optional<String> configured;

  RegistryCredentials(Function<String, Optional<String>> keys, Map<String, ?> properties) {
    Optional<String> basic = basic(keys, properties);
    Optional<String> bearer = bearer(keys);
    if (basic.isPresent() && bearer.isPresent()) {
      throw new ConfigException(
          "set either " + BASIC_USER_INFO + " or " + BEARER_TOKEN + ", not both");
    }
    configured = basic.or(() -> bearer);
  }

  /** The header for one address: its own user info, unless something else is configured. */
  Optional<String> authorizationFor(URI url) {
    return configured.or(
        () -> Optional.ofNullable(url.getUserInfo()).map(RegistryCredentials::basicHeader));
  }

  private static Optional<String> basic(
      Function<String, Optional<String>> keys, Map<String, ?> properties) {
    Optional<String> userInfo = keys.apply(BASIC_USER_INFO);
    String source = keys.apply(BASIC_SOURCE).orElse(userInfo.isPresent() ? "USER_INFO" : "URL");
    return switch (source) {
      case "URL" -> Optional.empty();
      case "USER_INFO" ->
          Optional.of(
              basicHeader(
                  userInfo
                      .filter(info -> info.contains(":"))
                      .orElseThrow(
                          () -> new ConfigException(BASIC_USER_INFO + " must be user:password"))));
      case "SASL_INHERIT" -> Optional.of(basicHeader(saslUserInfo(properties)));
      default ->
          throw new ConfigException(
              BASIC_SOURCE + " must be URL, USER_INFO or SASL_INHERIT, not " + source);
    };
  }

  private static Optional<String> bearer(Function<String, Optional<String>> keys) {
    Optional<String> token = keys.apply(BEARER_TOKEN);
    Optional<String> source = keys.apply(BEARER_SOURCE);
    if (source.isPresent() && !source.get().equals("STATIC_TOKEN")) {
      throw new ConfigException(BEARER_SOURCE + " must be STATIC_TOKEN, not " + source.get());
    }
    if (source.isPresent() && token.isEmpty()) {
      throw new ConfigException(BEARER_TOKEN + " is not set");
    }
    return token.map(value -> "Bearer " + value);
  }

  private static String saslUserInfo(Map<String, ?> properties) {
    Object jaas = properties.get(SaslConfigs.SASL_JAAS_CONFIG);
    if (jaas == null) {
      throw new ConfigException(BASIC_SOURCE + " is SASL_INHERIT, but sasl.jaas.config is not set");
    }
    Map<String, Object> sasl = new HashMap<>(properties);
    sasl.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(Secrets.textOf(jaas)));
    List<AppConfigurationEntry> entries =
        JaasContext.loadClientContext(sasl).configurationEntries();
    String user = JaasContext.configEntryOption(entries, "username", null);
    String password = JaasContext.configEntryOption(entries, "password", null);
    if (user == null || password == null) {
      throw new ConfigException("sasl.jaas.config has no username and password to inherit");
    }
    return user + ":" + password;
  }

  private static String basicHeader(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
