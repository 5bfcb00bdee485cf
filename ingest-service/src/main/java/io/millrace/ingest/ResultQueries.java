package io.millrace.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the results store of this instance, and says which instance holds a request. Results are
 * partitioned as the completions topic is: by request id. Thread-safe.
 */
final class ResultQueries {

  private static final Serializer<String> KEYS = new StringSerializer();

  private final AtomicReference<@Nullable KafkaStreams> streams = new AtomicReference<>();
  private final Duration retention;
  private final InstantSource clock;

  ResultQueries(Duration retention, InstantSource clock) {
    this.retention = retention;
    this.clock = clock;
  }

  /** Thrown when the answer is not to be had at the moment. */
  static final class NotNowException extends Exception {
    NotNowException(String reason) {
      super(reason);
    }
  }

  /** From now on there is something to ask. */
  void connect(KafkaStreams application) {
    streams.set(application);
  }

  /** The instance that holds a request. */
  HostInfo holderOf(String requestId) throws NotNowException {
    return metadataOf(requestId).activeHost();
  }

  /** What this instance holds about a request. */
  Optional<byte[]> local(String tenant, String requestId) throws NotNowException {
    int partition = metadataOf(requestId).partition();
    try {
      ReadOnlyWindowStore<String, byte[]> store =
          running()
              .store(
                  StoreQueryParameters.fromNameAndType(
                          IngestTopology.RESULTS_STORE,
                          QueryableStoreTypes.<String, byte[]>windowStore())
                      .withPartition(partition));
      Optional<byte[]> result = newest(store, IngestTopology.resultKey(tenant, requestId));
      return result.isPresent()
          ? result
          : newest(store, IngestTopology.progressKey(tenant, requestId));
    } catch (InvalidStateStoreException e) {
      throw new NotNowException("the results are moving between instances");
    }
  }

  private Optional<byte[]> newest(ReadOnlyWindowStore<String, byte[]> store, String key) {
    Instant now = clock.instant();
    Optional<byte[]> found = Optional.empty();
    try (WindowStoreIterator<byte[]> states = store.fetch(key, now.minus(retention), now)) {
      while (states.hasNext()) {
        byte[] state = states.next().value;
        if (StoredState.isFinished(state)) {
          return Optional.of(state);
        }
        found = Optional.of(state);
      }
    }
    return found;
  }

  private KeyQueryMetadata metadataOf(String requestId) throws NotNowException {
    try {
      KeyQueryMetadata metadata =
          running().queryMetadataForKey(IngestTopology.RESULTS_STORE, requestId, KEYS);
      if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
        throw new NotNowException("no instance holds the results yet");
      }
      return metadata;
    } catch (IllegalStateException | StreamsNotStartedException e) {
      throw new NotNowException("the results are not ready");
    }
  }

  private KafkaStreams running() throws NotNowException {
    KafkaStreams application = streams.get();
    if (application == null) {
      throw new NotNowException("this instance is starting");
    }
    return application;
  }
}
