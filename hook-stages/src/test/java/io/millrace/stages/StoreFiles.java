package io.millrace.stages;

import io.millrace.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Writes what a driver's stores hold to files as Kafka Streams has them: the driver itself deletes
 * its files when it closes, and never reads a changelog.
 *
 * @param taskFolder where the next driver's task looks for its stores
 * @param serdes of the values
 */
record StoreFiles(Path taskFolder, AvroSerdes serdes) {

  <T extends SpecificRecord> void write(TopologyTestDriver driver, String store, Class<T> type) {
    Serializer<T> values = serdes.forType(type).serializer();
    KeyValueStore<String, T> source = driver.getKeyValueStore(store);
    try (KeyValueIterator<String, T> all = source.all()) {
      write(
          store,
          target ->
              all.forEachRemaining(
                  entry ->
                      target.put(
                          entry.key.getBytes(StandardCharsets.UTF_8),
                          values.serialize(store, entry.value))));
    }
  }

  void write(TopologyTestDriver driver, String store) {
    KeyValueStore<Bytes, byte[]> source = driver.getKeyValueStore(store);
    try (KeyValueIterator<Bytes, byte[]> all = source.all()) {
      write(
          store, target -> all.forEachRemaining(entry -> target.put(entry.key.get(), entry.value)));
    }
  }

  private void write(String store, Content content) {
    Path folder = taskFolder.resolve("rocksdb").resolve(store);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB files = RocksDB.open(options, folder.toString())) {
      content.copyTo(
          (key, value) -> {
            try {
              files.put(key, value);
            } catch (RocksDBException e) {
              throw new IllegalStateException(e);
            }
          });
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Content {
    void copyTo(Target target);
  }

  private interface Target {
    void put(byte[] key, byte[] value);
  }
}
