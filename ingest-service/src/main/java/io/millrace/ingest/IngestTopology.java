package io.millrace.ingest;

import io.millrace.ingest.access.Credentials;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Admission of the requests topic, and the store of results.
 *
 * <pre>
 * requests ─► admission ─► stage.home.requests
 *                 └──────► dead-letters
 * completions ─► result ──┐
 * events ──────► progress ┴─► store "results"
 * </pre>
 *
 * <p>Everything comes in and goes out as bytes, so that nothing is decoded where it cannot be
 * handled.
 */
final class IngestTopology {

  static final String REQUESTS = "requests";
  static final String ADMISSION = "admission";
  static final String HOME_REQUESTS = "home-requests";
  static final String DEAD_LETTERS = "dead-letters";
  static final String COMPLETIONS = "completions";
  static final String EVENTS = "events";
  static final String RESULT = "result";
  static final String PROGRESS = "progress";
  static final String RESULTS_STORE = "results";

  /** How soon what was admitted is committed, for the home stage to see it. */
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  /** Nothing is ever aggregated: the window's start is all that counts. */
  private static final Duration WINDOW = Duration.ofMillis(1);

  private final IngestConfig config;
  private final TopicCatalogue topics;
  private final AvroSerdes serdes;
  private final Credentials credentials;
  private final Patience patience;
  private final IngestMeters meters;
  private final CommitPace commits = new CommitPace(COMMIT_INTERVAL);

  IngestTopology(
      IngestConfig config,
      TopicCatalogue topics,
      AvroSerdes serdes,
      Credentials credentials,
      Patience patience,
      IngestMeters meters) {
    this.config = config;
    this.topics = topics;
    this.serdes = serdes;
    this.credentials = credentials;
    this.patience = patience;
    this.meters = meters;
  }

  Topology build() {
    var in = new ByteArrayDeserializer();
    var out = new ByteArraySerializer();
    return new Topology()
        .addSource(REQUESTS, in, in, topics.requests().name())
        .addProcessor(ADMISSION, this::admission, REQUESTS)
        .addSink(HOME_REQUESTS, homeRequests(), out, out, ADMISSION)
        .addSink(DEAD_LETTERS, topics.deadLetters().name(), out, out, ADMISSION)
        .addSource(COMPLETIONS, in, in, topics.completions().name())
        .addProcessor(RESULT, this::result, COMPLETIONS)
        .addSource(EVENTS, in, in, topics.events().name())
        .addProcessor(PROGRESS, this::progress, EVENTS)
        .addStateStore(resultsStore(), RESULT, PROGRESS);
  }

  /** The key of a result in the results store; neither part has a slash. */
  static String resultKey(String tenant, String requestId) {
    return tenant + "/" + requestId;
  }

  /**
   * The key under which the store has that a request was accepted: the two topics are not in step,
   * and whichever record comes last must not hide the result.
   */
  static String progressKey(String tenant, String requestId) {
    return resultKey(tenant, requestId) + "/";
  }

  private AdmissionProcessor admission() {
    Serializer<Exchange> exchanges = serdes.forType(Exchange.class).serializer();
    return new AdmissionProcessor(
        new RecordAdmission(
            config.admission(),
            new RecordGate(credentials, meters),
            serdes.forType(CompletionRequest.class).deserializer()),
        exchange -> config.homeScope().keyOf(exchange.getTenant(), exchange.getExchangeId()),
        exchange -> exchanges.serialize(homeRequests(), exchange),
        patience,
        meters,
        commits);
  }

  private ResultProcessor result() {
    return new ResultProcessor(
        new PipelineRecordReader<>(
            topics.completions().name(),
            serdes.forType(CompletionResult.class).deserializer(),
            patience,
            meters));
  }

  private ProgressProcessor progress() {
    return new ProgressProcessor(
        new PipelineRecordReader<>(
            topics.events().name(),
            serdes.forType(PipelineEvent.class).deserializer(),
            patience,
            meters));
  }

  /** Results leave the store, a segment of time at once, when they are older than the retention. */
  private StoreBuilder<WindowStore<String, byte[]>> resultsStore() {
    Duration retention = config.streams().resultRetention();
    return Stores.windowStoreBuilder(
            Stores.persistentWindowStore(RESULTS_STORE, retention, WINDOW, false),
            Serdes.String(),
            Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(
            Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topic.MAX_RECORD_BYTES)));
  }

  private String homeRequests() {
    return topics.stageRequests(TopicCatalogue.HOME).name();
  }
}
