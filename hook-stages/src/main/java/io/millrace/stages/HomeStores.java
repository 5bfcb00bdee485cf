package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.JoinLeader;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.ParkedExchange;
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

  /** Exchanges that wait at a hook: exchange id to {@link ParkedExchange}. */
  static final String PARKED = "home-parked";

  /** When they go on, in order; in memory, rebuilt from what is parked. */
  static final String PARKED_DUE = "home-parked-due";

  /** How many of each tenant there are; in memory, rebuilt. */
  static final String PARKED_PER_TENANT = "home-parked-per-tenant";

  /** Who waits for whose outcome, in order; in memory, rebuilt. */
  static final String WAITERS = "home-waiters";

  /** Whose outcome that is. */
  static final String JOIN_LEADERS = "home-join-leaders";

  /** The dedup window spans this many buckets, and one more is kept. */
  static final int BUCKETS_PER_WINDOW = 2;

  private HomeStores() {}

  static Duration bucket(Duration dedupWindow) {
    return dedupWindow.dividedBy(BUCKETS_PER_WINDOW);
  }

  /** What every node needs that looks an exchange up, parks it or lets it go on. */
  static List<StoreBuilder<? extends StateStore>> ofExchanges(
      Duration dedupWindow, AvroSerdes serdes) {
    return List.of(ledger(serdes), finished(dedupWindow), deadlines());
  }

  /** Exchanges that wait at hooks. */
  static List<StoreBuilder<? extends StateStore>> ofParking(AvroSerdes serdes) {
    return List.of(
        logged(PARKED, serdes.forType(ParkedExchange.class)),
        logged(JOIN_LEADERS, serdes.forType(JoinLeader.class)),
        inMemory(PARKED_DUE, Serdes.Bytes(), Serdes.ByteArray()),
        inMemory(PARKED_PER_TENANT, Serdes.String(), Serdes.Integer()),
        inMemory(WAITERS, Serdes.String(), Serdes.String()));
  }

  private static StoreBuilder<? extends StateStore> ledger(AvroSerdes serdes) {
    return logged(LEDGER, serdes.forType(LedgerEntry.class));
  }

  private static StoreBuilder<? extends StateStore> finished(Duration dedupWindow) {
    Duration bucket = bucket(dedupWindow);
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(FINISHED, dedupWindow.plus(bucket), bucket, false),
        Serdes.String(),
        Serdes.Long());
  }

  private static StoreBuilder<? extends StateStore> deadlines() {
    return inMemory(DEADLINES, Serdes.Bytes(), Serdes.ByteArray());
  }

  /** Replies that came before their request. */
  static StoreBuilder<? extends StateStore> earlyReplies(AvroSerdes serdes) {
    return logged(EARLY_REPLIES, serdes.forType(Exchange.class));
  }

  private static <K, V> StoreBuilder<? extends StateStore> inMemory(
      String name, Serde<K> keys, Serde<V> values) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, values)
        .withLoggingDisabled();
  }

  /** Not cached: a cache would put off its changelog records to the commit, and make that long. */
  private static <V> StoreBuilder<? extends StateStore> logged(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
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
