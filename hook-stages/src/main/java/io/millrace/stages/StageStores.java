package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.ParkedExchange;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.HeldStores;
import io.millrace.schemas.streams.HeldValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One stage group's state stores.
 *
 * @param group the group
 */
record StageStores(String group) {

  /** The dedup window spans this many buckets, and one more is kept. */
  static final int BUCKETS_PER_WINDOW = 2;

  /** Open exchanges: exchange id to {@link LedgerEntry}. */
  String ledger() {
    return group + "-ledger";
  }

  /** What was finished by the bucket it finished in: whole buckets expire, nothing is swept. */
  String finished() {
    return group + "-finished";
  }

  /** Deadlines of open exchanges in order; in memory, rebuilt from the ledger. */
  String deadlines() {
    return group + "-deadlines";
  }

  /** Replies that came before their request. */
  String earlyReplies() {
    return group + "-early-replies";
  }

  /** Exchanges that wait at a hook: exchange id to {@link ParkedExchange}. */
  String parked() {
    return group + "-parked";
  }

  /** When they go on, in order; in memory, rebuilt from what is parked. */
  String parkedDue() {
    return group + "-parked-due";
  }

  /** How many of each tenant there are; in memory, rebuilt. */
  String parkedPerTenant() {
    return group + "-parked-per-tenant";
  }

  /** Who waits for whose outcome, in order; in memory, rebuilt. */
  String waiters() {
    return group + "-waiters";
  }

  /** Whose outcome that is; in memory, rebuilt from what is open and what is parked. */
  String joinLeaders() {
    return group + "-join-leaders";
  }

  static Duration bucket(Duration dedupWindow) {
    return dedupWindow.dividedBy(BUCKETS_PER_WINDOW);
  }

  /** What every node needs that looks an exchange up, parks it or lets it go on. */
  List<StoreBuilder<? extends StateStore>> ofExchanges(Duration dedupWindow, AvroSerdes serdes) {
    return List.of(
        logged(ledger(), serdes.forType(LedgerEntry.class)),
        finishedBuilder(dedupWindow),
        inMemory(deadlines(), Serdes.Bytes(), Serdes.ByteArray()));
  }

  /** Exchanges that wait at hooks. */
  List<StoreBuilder<? extends StateStore>> ofParking(AvroSerdes serdes) {
    return List.of(
        logged(parked(), serdes.forType(ParkedExchange.class)),
        inMemory(joinLeaders(), Serdes.String(), Serdes.String()),
        inMemory(parkedDue(), Serdes.Bytes(), Serdes.ByteArray()),
        inMemory(parkedPerTenant(), Serdes.String(), Serdes.Integer()),
        inMemory(waiters(), Serdes.String(), Serdes.String()));
  }

  /** Replies that came before their request. */
  StoreBuilder<? extends StateStore> ofEarlyReplies(AvroSerdes serdes) {
    return logged(earlyReplies(), serdes.forType(Exchange.class));
  }

  private StoreBuilder<? extends StateStore> finishedBuilder(Duration dedupWindow) {
    Duration bucket = bucket(dedupWindow);
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(finished(), dedupWindow.plus(bucket), bucket, false),
        Serdes.String(),
        Serdes.Long());
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

  /**
   * What a hook keeps. Counters of limits and budgets change with every request of their tenant:
   * they are written once or twice for each commit. Entries that change once go out as they come.
   */
  static StoreBuilder<? extends StateStore> ofHook(ActiveHook active) {
    return HeldStores.inFrontOf(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(active.store()), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingEnabled(largeRecords()),
        HeldValues.bytes());
  }

  private static Map<String, String> largeRecords() {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(io.millrace.schemas.topic.Topic.MAX_RECORD_BYTES));
  }
}
