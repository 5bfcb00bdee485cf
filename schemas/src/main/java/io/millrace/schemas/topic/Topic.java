package io.millrace.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * One topic. Keys are UTF-8 strings everywhere.
 *
 * @param name the full name, prefix included
 * @param key what the key holds, for people
 * @param format how the value is written
 * @param valueType the record in the value; null unless the format is {@link ValueFormat#AVRO}
 * @param partitions at least 1
 * @param retention how long records stay; {@link Duration#ZERO} for a compacted topic, which keeps
 *     the last value of each key
 */
public record Topic(
    String name,
    String key,
    ValueFormat format,
    @Nullable Class<? extends SpecificRecord> valueType,
    int partitions,
    Duration retention) {

  /** The largest record any topic takes, in bytes; requests are bounded lower by admission. */
  public static final int MAX_RECORD_BYTES = 10 * 1024 * 1024;

  /**
   * The largest exchange that a worker gives back and a stage takes in, in bytes: a stage that
   * writes it on adds to it, and what could not be written would end the stage.
   */
  public static final int MAX_EXCHANGE_BYTES = MAX_RECORD_BYTES - 1024 * 1024;

  private static final Duration SHORT_RETENTION = Duration.ofDays(1);

  /** How a value is written. */
  public enum ValueFormat {
    /** Avro in the Confluent wire format. */
    AVRO,
    /** JSON text. */
    JSON,
    /** Whatever bytes came in. */
    BYTES
  }

  /** Checks the bounds. */
  public Topic {
    Objects.requireNonNull(name, "name");
    if (partitions < 1) {
      throw new IllegalArgumentException("topic " + name + " needs at least 1 partition");
    }
    if ((format == ValueFormat.AVRO) != (valueType != null)) {
      throw new IllegalArgumentException(
          "topic " + name + ": Avro values need a type, others none");
    }
  }

  /** Whether the topic keeps the last value of each key for ever. */
  public boolean compacted() {
    return retention.isZero();
  }

  /** What to give to an admin client. */
  public NewTopic toNewTopic(short replicationFactor) {
    return new NewTopic(name, partitions, replicationFactor).configs(configs());
  }

  private Map<String, String> configs() {
    Map<String, String> configs = new HashMap<>();
    configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD_BYTES));
    if (compacted()) {
      configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
      return configs;
    }
    configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    if (retention.compareTo(SHORT_RETENTION) < 0) {
      // Whole segments are deleted, and one that is written to would otherwise last until 1 GiB.
      configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(retention.dividedBy(4).toMillis()));
    }
    return configs;
  }
}
