package io.millrace.launcher.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.kafka.KafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A whole pipeline in this process, asked over HTTP like a user would. */
final class PipelineUnderTest implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final LocalPipeline pipeline;
  private final HttpClient http = HttpClient.newHttpClient();

  private PipelineUnderTest(LocalPipeline pipeline) {
    this.pipeline = pipeline;
  }

  static PipelineUnderTest start(
      Path folder, Set<Role> roles, Map<String, String> environment, String configuration) {
    try {
      Path file = Files.writeString(folder.resolve("millrace.yaml"), configuration);
      MillraceConfig settings = new ConfigLoader(environment).load(file).config();
      LocalPipelineConfig local = LocalPipelineConfig.onFreePorts(settings, folder.resolve("data"));
      return new PipelineUnderTest(LocalPipeline.start(local, roles, step -> {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks and waits for the answer. */
  Answer ask(String model, Duration deadline) {
    String body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "What is a millrace?"}]}
        """
            .formatted(model);
    return exchange(
        HttpRequest.newBuilder(address("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .header("X-Millrace-Deadline-Ms", Long.toString(deadline.toMillis()))
            .timeout(Duration.ofMinutes(1))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** How to reach its broker and registry. */
  KafkaConnection connection() {
    return pipeline.connection();
  }

  /** The status of a call with a body, or of a GET where there is none. */
  HttpResponse<String> call(URI uri, String method, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofMinutes(1))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  String metrics() {
    return send(HttpRequest.newBuilder(address("/metrics")).build()).body();
  }

  URI address(String path) {
    return pipeline.httpAddress().orElseThrow().resolve(path);
  }

  private Answer exchange(HttpRequest request) {
    HttpResponse<String> response = send(request);
    try {
      return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Everything on every topic, internal ones and headers included, as text of single bytes. */
  List<String> everyRecord() throws Exception {
    Map<String, Object> properties = pipeline.connection().clientProperties();
    List<String> records = new ArrayList<>();
    try (Admin admin = Admin.create(properties);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          admin.listTopics().names().get().stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> records.add(record.topic() + ": " + text(record)));
      }
    }
    return records;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    append(text, record.key());
    append(text, record.value());
    for (Header header : record.headers()) {
      append(text, header.value());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, byte @org.jspecify.annotations.Nullable [] bytes) {
    if (bytes != null) {
      text.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
    }
  }

  @Override
  public void close() {
    http.close();
    pipeline.close();
  }

  /** What a waiting caller got. */
  record Answer(int status, JsonNode body) {
    String errorCode() {
      return body.path("error").path("code").asText();
    }
  }
}
