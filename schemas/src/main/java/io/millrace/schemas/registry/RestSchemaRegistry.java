package io.millrace.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;

/**
 * A client of the Confluent Schema Registry REST interface, configured with Confluent's keys.
 * Thread-safe. Schemas and ids are cached for the life of the client (bounded); whoever asks while
 * the registry is away waits for the retries and then gets a {@link SchemaRegistryException} that
 * is {@link SchemaRegistryException#retriable() retriable}.
 */
public final class RestSchemaRegistry implements SchemaRegistry {

  private static final int MAX_CACHED_IDS = 10_000;
  private static final int MAX_CACHED_SUBJECTS = 1_000;
  private static final int SCHEMA_NOT_FOUND = 40403;
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final Set<String> SERDE_KEYS =
      Set.of(
          "auto.register.schemas",
          "use.latest.version",
          "key.subject.name.strategy",
          "value.subject.name.strategy",
          "specific.avro.reader");

  private record SubjectSchema(String subject, Schema schema) {}

  private final RegistryHttp http;
  private final SchemaFetcher fetcher;
  private final ExecutorService loaders =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("schema-registry-", 0).factory());
  private final SingleFlightCache<Integer, Schema> schemas;
  private final SingleFlightCache<SubjectSchema, Integer> registered;
  private final SingleFlightCache<SubjectSchema, Integer> looked;
  private final SingleFlightCache<String, RegisteredSchema> latest;

  RestSchemaRegistry(RegistrySettings settings, Ticker ticker) {
    this.http = new RegistryHttp(settings);
    this.fetcher = new SchemaFetcher(http);
    Duration missing = settings.missingTtl();
    schemas =
        new SingleFlightCache<>(
            MAX_CACHED_IDS, FOR_EVER, missing, ticker, loaders, fetcher::schemaOf);
    registered =
        new SingleFlightCache<>(
            MAX_CACHED_IDS, FOR_EVER, Duration.ZERO, ticker, loaders, this::postVersion);
    looked =
        new SingleFlightCache<>(
            MAX_CACHED_IDS, FOR_EVER, missing, ticker, loaders, this::postLookup);
    latest =
        new SingleFlightCache<>(
            MAX_CACHED_SUBJECTS, settings.latestTtl(), missing, ticker, loaders, fetcher::latest);
  }

  /**
   * Opens a client with Confluent's configuration keys; other keys are ignored. Nothing is asked of
   * the registry yet.
   *
   * @throws org.apache.kafka.common.config.ConfigException when a value is wrong
   */
  public static RestSchemaRegistry open(Map<String, ?> properties) {
    return new RestSchemaRegistry(RegistrySettings.of(properties), Ticker.systemTicker());
  }

  /** Whether a configuration key is the registry's, not Kafka's. */
  public static boolean isRegistryKey(String key) {
    return key.startsWith("schema.registry.")
        || key.startsWith("basic.auth.")
        || key.startsWith("bearer.auth.")
        || SERDE_KEYS.contains(key)
        || RegistrySettings.PLAIN_KEYS.contains(key);
  }

  @Override
  public int register(String subject, Schema schema) {
    return registered.get(new SubjectSchema(subject, schema));
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return looked.get(new SubjectSchema(subject, schema));
  }

  @Override
  public Schema schemaOf(int id) {
    if (id < 1) {
      throw new SchemaRegistryException("there is no schema with id " + id, SCHEMA_NOT_FOUND);
    }
    return schemas.get(id);
  }

  @Override
  public RegisteredSchema latest(String subject) {
    return latest.get(subject);
  }

  @Override
  public void close() {
    http.close();
    loaders.shutdownNow();
  }

  private int postVersion(SubjectSchema key) {
    return postSchema("/subjects/" + encoded(key.subject()) + "/versions", key.schema());
  }

  private int postLookup(SubjectSchema key) {
    return postSchema("/subjects/" + encoded(key.subject()), key.schema());
  }

  private int postSchema(String path, Schema schema) {
    JsonNode body = JsonNodeFactory.instance.objectNode().put("schema", schema.toString());
    JsonNode id = http.post(path, body).path("id");
    if (!id.isInt()) {
      throw RegistryHttp.invalid(path, "without a schema id");
    }
    return id.intValue();
  }

  /** A subject as one segment of a path. */
  static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
