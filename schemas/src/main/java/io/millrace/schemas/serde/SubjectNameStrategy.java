package io.millrace.schemas.serde;

import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;

/** Under which subject of the registry a schema stands: Confluent's three strategies. */
public enum SubjectNameStrategy {
  /** {@code <topic>-key} or {@code <topic>-value}. */
  TOPIC_NAME("TopicNameStrategy"),
  /** The record's full name. */
  RECORD_NAME("RecordNameStrategy"),
  /** {@code <topic>-<record's full name>}. */
  TOPIC_RECORD_NAME("TopicRecordNameStrategy");

  private static final String CONFLUENT_PACKAGE = "io.confluent.kafka.serializers.subject.";

  private final String configName;

  SubjectNameStrategy(String configName) {
    this.configName = configName;
  }

  /**
   * The strategy of a configuration value: {@code TopicNameStrategy}, {@code TopicName}, or
   * Confluent's class name.
   *
   * @throws ConfigException when it is none of the three
   */
  public static SubjectNameStrategy of(String value) {
    String name = value.strip();
    String simple =
        name.startsWith(CONFLUENT_PACKAGE) ? name.substring(CONFLUENT_PACKAGE.length()) : name;
    return Arrays.stream(values())
        .filter(s -> s.configName.equals(simple) || s.configName.equals(simple + "Strategy"))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "the subject name strategy must be TopicNameStrategy, RecordNameStrategy or"
                        + " TopicRecordNameStrategy, not "
                        + name));
  }

  /**
   * The subject.
   *
   * @throws SerializationException when the strategy needs a record and the schema is none
   */
  public String subject(String topic, boolean isKey, Schema schema) {
    return switch (this) {
      case TOPIC_NAME -> topic + (isKey ? "-key" : "-value");
      case RECORD_NAME -> recordName(schema);
      case TOPIC_RECORD_NAME -> topic + "-" + recordName(schema);
    };
  }

  private String recordName(Schema schema) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new SerializationException(
          configName + " needs a record, and the value is of type " + schema.getType());
    }
    return schema.getFullName();
  }
}
