package io.millrace.schemas.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of all RocksDB stores of the process together: one block cache, which
 * also holds index and filter blocks and pays for the write buffers. Kafka Streams creates one
 * instance per store; the cache is shared by all of them and lives as long as the process.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

  /** All stores of the process together, in bytes. */
  public static final long TOTAL_BYTES = 256L * 1024 * 1024;

  /** The part of it that write buffers may take, in bytes. */
  static final long WRITE_BUFFER_BYTES = 96L * 1024 * 1024;

  private static final long MEMTABLE_BYTES = 8L * 1024 * 1024;
  private static final int BLOOM_BITS_PER_KEY = 10;

  private final BloomFilter filter;

  /** Called by Kafka Streams, once per store. */
  public BoundedRocksDb() {
    RocksDB.loadLibrary();
    filter = new BloomFilter(BLOOM_BITS_PER_KEY);
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(Shared.CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setPinTopLevelIndexAndFilter(true);
    table.setFilterPolicy(filter);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(Shared.WRITE_BUFFERS);
    options.setWriteBufferSize(MEMTABLE_BYTES);
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String storeName, Options options) {
    filter.close();
  }

  /** Created when the first store opens. */
  private static final class Shared {
    static final Cache CACHE = new LRUCache(TOTAL_BYTES, -1, false, 0.1);
    static final WriteBufferManager WRITE_BUFFERS =
        new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
  }
}
