package io.millrace.schemas.serde;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/**
 * Confluent's keys that concern serdes rather than the client of the registry.
 *
 * @param autoRegister register what is not registered yet ({@code auto.register.schemas}, true)
 * @param useLatest without auto-registration, write with the subject's newest schema ({@code
 *     use.latest.version}, false)
 * @param keyStrategy subjects of keys
 * @param valueStrategy subjects of values
 * @param specific deserialize to generated classes ({@code specific.avro.reader}, false)
 */
record SerdeSettings(
    boolean autoRegister,
    boolean useLatest,
    SubjectNameStrategy keyStrategy,
    SubjectNameStrategy valueStrategy,
    boolean specific) {

  static SerdeSettings of(Map<String, ?> config) {
    return new SerdeSettings(
        flag(config, "auto.register.schemas", true),
        flag(config, "use.latest.version", false),
        strategy(config, "key.subject.name.strategy"),
        strategy(config, "value.subject.name.strategy"),
        flag(config, "specific.avro.reader", false));
  }

  SubjectNameStrategy strategy(boolean isKey) {
    return isKey ? keyStrategy : valueStrategy;
  }

  private static boolean flag(Map<String, ?> config, String key, boolean byDefault) {
    Object value = config.get(key);
    if (value == null) {
      return byDefault;
    }
    return switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigException(key + " must be true or false, not " + value);
    };
  }

  private static SubjectNameStrategy strategy(Map<String, ?> config, String key) {
    Object value = config.get(key);
    if (value == null) {
      return SubjectNameStrategy.TOPIC_NAME;
    }
    return SubjectNameStrategy.of(
        value instanceof Class<?> type ? type.getName() : value.toString());
  }
}
