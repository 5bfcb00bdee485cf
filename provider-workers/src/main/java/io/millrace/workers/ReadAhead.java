package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what is held in memory until its turn comes, each lane by itself, in records and in bytes.
 * What is held is what tenants take turns in: a tenant whose backlog is longer than that holds up
 * what lies behind it in the topic. Owned by the poll thread.
 */
final class ReadAhead {

  /** The most records of a lane. */
  static final int MAX_RECORDS = 10_000;

  /** The most bytes of a lane; the last record may go beyond. Three lanes of it for a provider. */
  static final long MAX_BYTES = 8L * 1024 * 1024;

  private final int maxRecords;
  private final long maxBytes;
  private final Map<Lane, Held> lanes = new EnumMap<>(Lane.class);

  ReadAhead() {
    this(MAX_RECORDS, MAX_BYTES);
  }

  ReadAhead(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new Held());
    }
  }

  /** Whether one more may be held. */
  boolean hasRoom(Lane lane) {
    Held held = held(lane);
    return held.records < maxRecords && held.bytes < maxBytes;
  }

  void hold(Lane lane, ConsumerRecord<byte[], byte[]> record) {
    Held held = held(lane);
    held.records++;
    held.bytes += bytes(record);
  }

  void letGo(Lane lane, ConsumerRecord<byte[], byte[]> record) {
    Held held = held(lane);
    held.records--;
    held.bytes -= bytes(record);
  }

  private Held held(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> record) {
    return (long) length(record.key()) + length(record.value());
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** What one lane holds. */
  private static final class Held {
    private int records;
    private long bytes;
  }
}
