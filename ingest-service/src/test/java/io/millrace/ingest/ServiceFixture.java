package io.millrace.ingest;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.registry.TestRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/** A registry, the topics of one pipeline, and any number of ingest instances. */
final class ServiceFixture implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  final TopicCatalogue topics;
  final KafkaConnection connection;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private final TestRegistry registry = new TestRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<IngestService> services = new ArrayList<>();
  private final Path stateDir;

  ServiceFixture(String bootstrapServers, TopicCatalogue topics, Path stateDir) {
    this.topics = topics;
    this.stateDir = stateDir;
    createTopics(bootstrapServers, topics);
    connection = KafkaConnection.of(bootstrapServers, registry.url());
  }

  private static void createTopics(String bootstrapServers, TopicCatalogue topics) {
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      TopicCreator.createMissing(
          admin, topics.all(List.of(TopicCatalogue.HOME), List.of("sim")), (short) 1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  IngestConfig config(String instance) {
    IngestConfig defaults = IngestConfig.defaults();
    return defaults
        .withHttp(
            defaults
                .http()
                .withAddress("127.0.0.1", 0)
                .withTimes(Duration.ofSeconds(1), Duration.ofSeconds(30)))
        .withStreams(
            defaults
                .streams()
                .withApplicationId(topics.prefix() + "ingest")
                .withStateDir(stateDir.resolve(instance)));
  }

  /** Takes the registry away. */
  void stopRegistry() {
    registry.stop();
  }

  /** Brings it back where it was. */
  void startRegistry() {
    registry.startAgain();
  }

  /** Starts an instance and waits until it is ready. */
  IngestService start(IngestConfig config) {
    IngestService service = IngestService.start(config, connection, topics, meters);
    services.add(service);
    await().atMost(Duration.ofSeconds(60)).until(service::ready);
    return service;
  }

  void stop(IngestService service) {
    services.remove(service);
    service.close();
  }

  HttpResponse<String> chat(IngestService service, String text, String... headers) {
    return post(service, "/v1/chat/completions", Requests.chatBody(text), headers);
  }

  HttpResponse<String> post(IngestService service, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(service, path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> get(IngestService service, String path) {
    return send(HttpRequest.newBuilder(uri(service, path)));
  }

  /** The events of a request. */
  FollowedEvents follow(IngestService service, String requestId, String... headers) {
    return FollowedEvents.open(
        client, uri(service, "/v1/requests/" + requestId + "/events"), headers);
  }

  /** Status of a request by id, or what HTTP said instead. */
  String status(IngestService service, String requestId) {
    HttpResponse<String> response = get(service, "/v1/requests/" + requestId);
    return response.statusCode() == 200
        ? json(response).at("/status").asText()
        : Integer.toString(response.statusCode());
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URI uri(IngestService service, String path) {
    return URI.create("http://127.0.0.1:" + service.port() + path);
  }

  @Override
  public void close() {
    Collections.reverse(services);
    services.forEach(IngestService::close);
    client.shutdownNow();
    registry.close();
  }
}
