package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.ResultQueries.NotNowException;
import io.millrace.ingest.access.Credentials;
import io.millrace.schemas.access.KeyVerifier;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.models.ReportedModelsView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The real HTTP server with a scripted pipeline behind it. */
final class HttpFixture implements AutoCloseable, Vitals {

  static final CompletableFuture<Void> QUEUED = CompletableFuture.completedFuture(null);

  private static final ObjectMapper JSON = new ObjectMapper();

  final Waiters waiters;
  final OpenStreams streams;
  final Intake intake;
  final MeterRegistry meters;
  final List<Exchange> published = new CopyOnWriteArrayList<>();
  final Map<String, LookupResult> known = new ConcurrentHashMap<>();
  final Map<String, byte[]> held = new ConcurrentHashMap<>();
  final HttpClient client = HttpClient.newHttpClient();

  /** What becomes of a published exchange; echoed at once unless a test says otherwise. */
  volatile Function<Exchange, CompletableFuture<Void>> pipeline = this::echo;

  volatile boolean ready = true;
  volatile Optional<Throwable> failure = Optional.empty();

  volatile boolean keysKnown = true;

  private final Credentials credentials;
  private final HttpServer server;

  HttpFixture() {
    this(IngestConfig.defaults(), new SimpleMeterRegistry());
  }

  HttpFixture(IngestConfig config, MeterRegistry registry) {
    this(config, registry, null);
  }

  HttpFixture(IngestConfig config, MeterRegistry registry, @Nullable KeyVerifier keys) {
    this(config, registry, keys, StreamSettings.defaults());
  }

  HttpFixture(
      IngestConfig config,
      MeterRegistry registry,
      @Nullable KeyVerifier keys,
      StreamSettings streaming) {
    InstantSource clock = InstantSource.system();
    meters = registry;
    IngestMeters counted = new IngestMeters(registry);
    waiters = new Waiters(config.http().maxWaiters());
    streams = new OpenStreams(streaming);
    intake =
        new Intake(new Admission(config.admission()), this::publish, this::find, counted, clock);
    ResultWait wait =
        new ResultWait(intake, waiters, this::find, config.http().waitGrace(), counted, clock);
    IngestConfig free = config.withHttp(config.http().withAddress("127.0.0.1", 0));
    credentials = Credentials.of(config.access(), keys, () -> keysKnown);
    PeerProof proof = new PeerProof(config.access().secret(), config.access().clockSkew(), clock);
    server =
        HttpApi.start(
            free,
            new KnownModels(free.models(), ReportedModelsView.NONE),
            new HttpGate(credentials, counted, clock),
            intake,
            wait,
            new StreamAnswer(wait, streams, counted, clock),
            new PeerEndpoint(this::held, proof),
            this,
            registry);
  }

  private CompletableFuture<Void> publish(Exchange exchange) {
    published.add(exchange);
    return pipeline.apply(exchange);
  }

  private CompletableFuture<Void> echo(Exchange exchange) {
    waiters.complete(Requests.echo(exchange));
    return QUEUED;
  }

  private LookupResult find(String tenant, String requestId) {
    return known.getOrDefault(tenant + "/" + requestId, new LookupResult.Unknown());
  }

  private Optional<byte[]> held(String tenant, String requestId) throws NotNowException {
    if (held.isEmpty()) {
      throw new NotNowException("moving");
    }
    return Optional.ofNullable(held.get(tenant + "/" + requestId));
  }

  void knows(CompletionResult result) {
    known.put(result.getTenant() + "/" + result.getRequestId(), new LookupResult.Finished(result));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)), headers);
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)),
        headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public Optional<Throwable> failure() {
    return failure;
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
    credentials.close();
  }
}
