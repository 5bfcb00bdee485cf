package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The home stage's state stores. */
final class HomeStores {

  /** Open exchanges: exchange id to {@link LedgerEntry}. */
  static final String LEDGER = "home-ledger";

  /** Finished exchanges by the bucket they finished in: whole buckets expire, nothing is swept. */
  static final String FINISHED = "home-finished";

  /** Deadlines of open exchanges in order; in memory, rebuilt from the ledger. */
  static final String DEADLINES = "home-deadlines";

  /** Replies that came before their request. */
  static final String EARLY_REPLIES = "home-early-replies";

  /** The dedup window spans this many buckets, and one more is kept. */
  static final int BUCKETS_PER_WINDOW = 2;

  private HomeStores() {}

  static Duration bucket(Duration dedupWindow) {
    return dedupWindow.dividedBy(BUCKETS_PER_WINDOW);
  }

  static List<StoreBuilder<? extends StateStore>> all(Duration dedupWindow, AvroSerdes serdes) {
    return List.of(ledger(serdes), finished(dedupWindow), deadlines(), earlyReplies(serdes));
  }

  /** Not cached: a cache would put off its changelog records to the commit, and make that long. */
  private static StoreBuilder<? extends StateStore> ledger(AvroSerdes serdes) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(LEDGER),
            Serdes.String(),
            serdes.forType(LedgerEntry.class))
        .withLoggingEnabled(largeRecords());
  }

  private static StoreBuilder<? extends StateStore> finished(Duration dedupWindow) {
    Duration bucket = bucket(dedupWindow);
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(FINISHED, dedupWindow.plus(bucket), bucket, false),
        Serdes.String(),
        Serdes.Long());
  }

  private static StoreBuilder<? extends StateStore> deadlines() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(DEADLINES), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingDisabled();
  }

  private static StoreBuilder<? extends StateStore> earlyReplies(AvroSerdes serdes) {
    Serde<Exchange> exchange = serdes.forType(Exchange.class);
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(EARLY_REPLIES), Serdes.String(), exchange)
        .withLoggingEnabled(largeRecords());
  }

  /** What a hook keeps. Not cached, for the same reason as the ledger. */
  static StoreBuilder<? extends StateStore> ofHook(ActiveHook active) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(active.store()), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(largeRecords());
  }

  private static Map<String, String> largeRecords() {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(io.millrace.schemas.topic.Topic.MAX_RECORD_BYTES));
  }
}
