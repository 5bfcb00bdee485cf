package io.millrace.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.embedded.registry.LogRecord.IdsGiven;
import io.millrace.embedded.registry.LogRecord.Level;
import io.millrace.embedded.registry.LogRecord.LevelRemoved;
import io.millrace.embedded.registry.LogRecord.Version;
import io.millrace.embedded.registry.LogRecord.VersionRemoved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes as JSON keys and values, shaped like those of Confluent's {@code _schemas} topic. */
final class LogCodec {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String SUBJECT = "subject";
  private static final String VERSION = "version";

  /** A record of the topic; a null value removes the key. */
  record Encoded(byte[] key, byte @Nullable [] value) {}

  private LogCodec() {}

  static Encoded encode(LogRecord change) {
    return switch (change) {
      case Version version ->
          encoded(schemaKey(version.subject(), version.version()), value(version));
      case VersionRemoved removed -> encoded(schemaKey(removed.subject(), removed.version()), null);
      case Level level ->
          encoded(
              configKey(level.subject()),
              JSON.createObjectNode().put("compatibilityLevel", level.level().name()));
      case LevelRemoved removed -> encoded(configKey(removed.subject()), null);
      case IdsGiven given ->
          encoded(
              key("IDS").put("magic", 0), JSON.createObjectNode().put("highest", given.highest()));
    };
  }

  private static Encoded encoded(ObjectNode key, @Nullable ObjectNode value) {
    return new Encoded(bytes(key), value == null ? null : bytes(value));
  }

  private static byte[] bytes(ObjectNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode key(String type) {
    return JSON.createObjectNode().put("keytype", type);
  }

  private static ObjectNode schemaKey(String subject, int version) {
    return key("SCHEMA").put(SUBJECT, subject).put(VERSION, version).put("magic", 1);
  }

  private static ObjectNode configKey(@Nullable String subject) {
    return key("CONFIG").put(SUBJECT, subject).put("magic", 0);
  }

  private static ObjectNode value(Version version) {
    return JSON.createObjectNode()
        .put(SUBJECT, version.subject())
        .put(VERSION, version.version())
        .put("id", version.id())
        .put("schema", version.schema())
        .put("deleted", version.deleted());
  }

  /**
   * The change of a record, or empty where the record is none of ours.
   *
   * @throws IOException when it is not JSON
   */
  static Optional<LogRecord> decode(byte @Nullable [] key, byte @Nullable [] value)
      throws IOException {
    if (key == null) {
      return Optional.empty();
    }
    JsonNode keyNode = JSON.readTree(key);
    @Nullable JsonNode valueNode = value == null ? null : JSON.readTree(value);
    return switch (keyNode.path("keytype").asText()) {
      case "SCHEMA" -> Optional.of(version(keyNode, valueNode));
      case "CONFIG" -> level(keyNode, valueNode);
      case "IDS" ->
          Optional.of(new IdsGiven(valueNode == null ? 0 : valueNode.path("highest").asInt()));
      default -> Optional.empty();
    };
  }

  private static LogRecord version(JsonNode key, @Nullable JsonNode value) {
    String subject = key.path(SUBJECT).asText();
    int version = key.path(VERSION).asInt();
    return value == null
        ? new VersionRemoved(subject, version)
        : new Version(
            subject,
            version,
            value.path("id").asInt(),
            value.path("schema").asText(),
            value.path("deleted").asBoolean());
  }

  private static Optional<LogRecord> level(JsonNode key, @Nullable JsonNode value) {
    @Nullable String subject = key.path(SUBJECT).textValue();
    return value == null
        ? Optional.of(new LevelRemoved(subject))
        : CompatibilityLevel.of(value.path("compatibilityLevel").asText())
            .map(level -> new Level(subject, level));
  }
}
