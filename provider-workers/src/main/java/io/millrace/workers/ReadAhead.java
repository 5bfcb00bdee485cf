package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.lane.Shares;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what is held in memory until its turn comes, each lane by itself, in records and in bytes;
 * tenants have shares of it. Owned by the poll thread.
 */
final class ReadAhead {

  /** The most records of a lane. */
  static final int MAX_RECORDS = 10_000;

  /** The most bytes of a lane; the last record may go beyond. Three lanes of it for a provider. */
  static final long MAX_BYTES = 8L * 1024 * 1024;

  private final Map<Lane, Shares> lanes = new EnumMap<>(Lane.class);

  ReadAhead() {
    this(MAX_RECORDS, MAX_BYTES);
  }

  ReadAhead(int maxRecords, long maxBytes) {
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new Shares(maxRecords, maxBytes));
    }
  }

  /** What tenants hold of a lane. */
  Shares of(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  static long bytes(ConsumerRecord<byte[], byte[]> record) {
    return (long) length(record.key()) + length(record.value());
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
