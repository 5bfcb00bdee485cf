package io.millrace.ingest;

import io.millrace.ingest.ResultQueries.NotNowException;
import io.millrace.schemas.avro.CompletionResult;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.state.HostInfo;

/** Looks requests up on whichever instance holds them. */
final class DistributedLookup implements ResultLookup {

  private final ResultQueries queries;
  private final Supplier<HostInfo> self;
  private final PeerClient peers;
  private final String topic;
  private final Deserializer<CompletionResult> results;
  private final IngestMeters meters;

  DistributedLookup(
      ResultQueries queries,
      Supplier<HostInfo> self,
      PeerClient peers,
      String topic,
      Deserializer<CompletionResult> results,
      IngestMeters meters) {
    this.queries = queries;
    this.self = self;
    this.peers = peers;
    this.topic = topic;
    this.results = results;
    this.meters = meters;
  }

  @Override
  public LookupResult find(String tenant, String requestId) {
    try {
      HostInfo holder = queries.holderOf(requestId);
      boolean here = holder.equals(self.get());
      Optional<byte[]> stored =
          here ? queries.local(tenant, requestId) : peers.ask(holder, tenant, requestId);
      meters.lookup(here ? "local" : "remote");
      return stored.map(this::read).orElseGet(LookupResult.Unknown::new);
    } catch (NotNowException e) {
      meters.lookup("unavailable");
      return new LookupResult.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private LookupResult read(byte[] stored) {
    return switch (StoredState.read(stored)) {
      case StoredState.InProgress(long acceptedAtMillis) ->
          new LookupResult.InProgress(acceptedAtMillis);
      case StoredState.Finished(byte[] completion) -> finished(completion);
    };
  }

  private LookupResult finished(byte[] completion) {
    try {
      return new LookupResult.Finished(results.deserialize(topic, completion));
    } catch (KafkaException e) {
      return new LookupResult.Unavailable("the result cannot be read: " + e.getMessage());
    }
  }
}
