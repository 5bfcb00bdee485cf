package io.millrace.launcher.batch;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.model.TrustedRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * What is known of each line, on disk, so that memory does not grow with the batch. It is made anew
 * from the result files by every run and holds nothing that could be lost. Not thread-safe.
 */
final class LineIndex implements AutoCloseable {

  /** Memory that RocksDB may take: two write buffers and a cache of this size. */
  private static final long BUFFER_BYTES = 16L * 1024 * 1024;

  private static final int BLOOM_BITS_PER_KEY = 10;
  private static final int MAX_OPEN_FILES = 64;

  private static final byte CUSTOM_ID = 'c';
  private static final byte BAD_LINE = 'b';
  private static final byte KEPT_RESULT = 'k';
  private static final byte[] NOTHING = new byte[0];

  private final Path folder;
  private final LRUCache cache = new LRUCache(BUFFER_BYTES);
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final Options options;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final RocksDB db;
  private long keptResults;

  /** How the result files know a {@code custom_id}. */
  enum Standing {
    /** Not at all. */
    NONE,
    /** It has a completion. */
    COMPLETED,
    /** It failed. */
    FAILED
  }

  /**
   * What is known of a {@code custom_id}.
   *
   * @param claimed whether a line of this run's input has it
   * @param standing how the result files know it
   * @param round of its last failure
   */
  record Entry(boolean claimed, Standing standing, int round) {
    static final Entry UNKNOWN = new Entry(false, Standing.NONE, 0);

    Entry asClaimed() {
      return new Entry(true, standing, round);
    }
  }

  private LineIndex(Path folder) throws RocksDBException {
    this.folder = folder;
    this.options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(BUFFER_BYTES)
            .setMaxWriteBufferNumber(2)
            .setMaxOpenFiles(MAX_OPEN_FILES)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true)
                    .setFilterPolicy(bloom));
    this.db = RocksDB.open(options, folder.toString());
  }

  /**
   * Opens an empty index in a folder, which is emptied first and removed on closing.
   *
   * @throws BatchException when the folder cannot be written
   */
  static LineIndex create(Path folder) {
    TrustedRecords.trust();
    RocksDB.loadLibrary();
    try {
      removeAll(folder);
      Files.createDirectories(folder);
      return new LineIndex(folder);
    } catch (IOException | RocksDBException e) {
      throw unusable(folder, e);
    }
  }

  Entry entry(String customId) {
    byte[] value = get(key(CUSTOM_ID, customId));
    if (value == null) {
      return Entry.UNKNOWN;
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return new Entry(buffer.get() != 0, Standing.values()[buffer.get()], buffer.getInt());
  }

  void put(String customId, Entry entry) {
    byte[] value =
        ByteBuffer.allocate(1 + 1 + Integer.BYTES)
            .put((byte) (entry.claimed() ? 1 : 0))
            .put((byte) entry.standing().ordinal())
            .putInt(entry.round())
            .array();
    put(key(CUSTOM_ID, customId), value);
  }

  /** Notes that the errors file names a line as bad already. */
  void reportBadLine(long number) {
    put(key(BAD_LINE, number), NOTHING);
  }

  boolean badLineReported(long number) {
    return get(key(BAD_LINE, number)) != null;
  }

  /** Keeps a result whose line has not been read yet. */
  void keep(CompletionResult result) {
    byte[] key = key(KEPT_RESULT, result.getRequestId());
    if (get(key) != null) {
      return;
    }
    try {
      ByteBuffer encoded = result.toByteBuffer();
      byte[] value = new byte[encoded.remaining()];
      encoded.get(value);
      put(key, value);
      keptResults++;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a result in memory", e);
    }
  }

  /** Takes a kept result out, or null when none is kept for the request. */
  @Nullable CompletionResult take(String requestId) {
    if (keptResults == 0) {
      return null;
    }
    byte[] key = key(KEPT_RESULT, requestId);
    byte[] value = get(key);
    if (value == null) {
      return null;
    }
    try {
      db.delete(writeOptions, key);
      keptResults--;
      return CompletionResult.fromByteBuffer(ByteBuffer.wrap(value));
    } catch (RocksDBException e) {
      throw failed(e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot decode a result from memory", e);
    }
  }

  /** How many results wait for their line. */
  long keptResults() {
    return keptResults;
  }

  private byte @Nullable [] get(byte[] key) {
    try {
      return db.get(key);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  private void put(byte[] key, byte[] value) {
    try {
      db.put(writeOptions, key, value);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  private BatchException failed(RocksDBException e) {
    return unusable(folder, e);
  }

  private static BatchException unusable(Path folder, Exception e) {
    return BatchException.stopped(
        "cannot use "
            + folder
            + ": "
            + e.getMessage()
            + "; make room there or choose another --data-dir, and run the same command again",
        e);
  }

  private static byte[] key(byte kind, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).array();
  }

  private static byte[] key(byte kind, long number) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(number).array();
  }

  @Override
  public void close() throws IOException {
    db.close();
    writeOptions.close();
    options.close();
    bloom.close();
    cache.close();
    removeAll(folder);
  }

  private static void removeAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
