package io.millrace.launcher.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.embedded.broker.FreePorts;
import io.millrace.launcher.kill.TopicReader;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.access.RecordSignature;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sends a request, from the edge to the attempt, over a restart and in every topic. */
class AuthIT {

  private static final TopicCatalogue TOPICS = new TopicCatalogue("millrace.", 4);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final byte[] BODY =
      "{\"model\":\"simulated/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final List<String> secrets = new ArrayList<>();
  private final int port = FreePorts.next();

  @Test
  void shouldAskEverySenderFromTheEdgeToTheAttempt() throws Exception {
    try (PipelineUnderTest pipeline = start()) {
      JsonNode any = create(pipeline, "{\"name\":\"shop\",\"tenant\":\"acme\"}");
      JsonNode narrow =
          create(
              pipeline,
              "{\"name\":\"few\",\"tenant\":\"acme\",\"models\":[\"other/*\"],\"expires_in\":\"1d\"}");
      assertThat(chat(pipeline, "").statusCode()).isEqualTo(401);
      assertThat(chat(pipeline, any.get("api_key").asText()).statusCode()).isEqualTo(200);
      assertThat(chat(pipeline, narrow.get("api_key").asText()).statusCode()).isEqualTo(403);

      JsonNode rotated =
          json(admin(pipeline, "POST", "/" + id(any) + "/rotate", "{\"grace\":\"0s\"}"));
      secrets.add(rotated.get("api_key").asText());
      awaitStatus(pipeline, any.get("api_key").asText(), 401);
      awaitStatus(pipeline, rotated.get("api_key").asText(), 200);
      assertThat(json(admin(pipeline, "DELETE", "/" + id(any), "")).get("status").asText())
          .isEqualTo("revoked");
      awaitStatus(pipeline, rotated.get("api_key").asText(), 401);
      assertThat(admin(pipeline, "POST", "/" + id(any) + "/rotate", "").statusCode())
          .isEqualTo(400);
      assertThat(json(admin(pipeline, "GET", "", "")).get("keys")).hasSize(2);
      assertAdministrationIsGuarded(pipeline);
      assertNoSecretAnywhere(pipeline);
    }
    Path kept = folder.resolve("data/auth-secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
  }

  @Test
  void shouldRunASignedRecordOnceFromAnyPartitionAndAfterARestart() throws Exception {
    JsonNode key;
    try (PipelineUnderTest pipeline = start()) {
      key = create(pipeline, "{\"name\":\"importer\",\"tenant\":\"acme\",\"signing\":true}");
      secrets.add(key.get("signing_key").asText());
      awaitStatus(pipeline, key.get("api_key").asText(), 200);
      send(pipeline, key, "nonce-first-00000", 0);
      awaitResults(pipeline, "nonce-first-00000");
      send(pipeline, key, "nonce-first-00000", 1);
      send(pipeline, key, "nonce-second-0000", 1);
      awaitResults(pipeline, "nonce-second-0000");
      assertThat(results(pipeline)).containsOnlyOnce("nonce-first-00000");
    }
    try (PipelineUnderTest pipeline = start()) {
      send(pipeline, key, "nonce-first-00000", 2);
      send(pipeline, key, "nonce-third-00000", 2);
      awaitResults(pipeline, "nonce-third-00000");
      assertThat(results(pipeline)).containsOnlyOnce("nonce-first-00000");
      assertNoSecretAnywhere(pipeline);
    }
  }

  private void assertAdministrationIsGuarded(PipelineUnderTest pipeline) {
    URI keys = URI.create("http://127.0.0.1:" + port + "/admin/keys");
    assertThat(pipeline.call(keys, "GET", "", "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(pipeline.call(keys, "GET", "", "X-Forwarded-For", "1.2.3.4").statusCode())
        .isEqualTo(403);
    URI byName = URI.create("http://localhost:" + port + "/admin/plugins");
    assertThat(pipeline.call(byName, "GET", "").statusCode()).isEqualTo(200);
    assertThat(admin(pipeline, "POST", "", "{\"name\":\"x\"}").body())
        .contains("tenant: is missing");
    assertThat(admin(pipeline, "POST", "", "{\"nam\":\"x\"}").body())
        .contains("unknown fields [nam]");
    assertThat(admin(pipeline, "GET", "/nobody", "").statusCode()).isEqualTo(404);
    assertThat(admin(pipeline, "PUT", "", "{}").statusCode()).isEqualTo(405);
  }

  private void assertNoSecretAnywhere(PipelineUnderTest pipeline) throws Exception {
    secrets.add(Files.readString(folder.resolve("data/auth-secret")));
    List<String> records = pipeline.everyRecord();
    assertThat(records).anyMatch(record -> record.startsWith("millrace.keys: "));
    for (String secret : secrets) {
      String hidden = secret.substring(secret.lastIndexOf('_') + 1);
      assertThat(records).noneMatch(record -> record.contains(hidden));
      assertThat(pipeline.metrics()).doesNotContain(hidden);
    }
  }

  private PipelineUnderTest start() {
    return PipelineUnderTest.start(
        folder,
        EnumSet.allOf(Role.class),
        Map.of(),
        """
        auth: {required: true}
        operations: {port: %d}
        plugins: [{name: auth}, {name: logging, config: {sample: 1.0, preview_characters: 200}}]
        """
            .formatted(port));
  }

  private JsonNode create(PipelineUnderTest pipeline, String body) throws Exception {
    HttpResponse<String> created = admin(pipeline, "POST", "", body);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.headers().firstValue("Cache-Control")).contains("no-store");
    JsonNode key = json(created);
    secrets.add(key.get("api_key").asText());
    await()
        .atMost(SOON)
        .until(() -> chat(pipeline, key.get("api_key").asText()).statusCode() != 401);
    return key;
  }

  private HttpResponse<String> admin(
      PipelineUnderTest pipeline, String method, String path, String body) {
    return pipeline.call(
        URI.create("http://127.0.0.1:" + port + "/admin/keys" + path), method, body);
  }

  private static HttpResponse<String> chat(PipelineUnderTest pipeline, String key) {
    return pipeline.call(
        pipeline.address("/v1/chat/completions"),
        "POST",
        new String(BODY, StandardCharsets.UTF_8),
        "Content-Type",
        "application/json",
        "Authorization",
        "Bearer " + key);
  }

  private static void awaitStatus(PipelineUnderTest pipeline, String key, int status) {
    await().atMost(SOON).until(() -> chat(pipeline, key).statusCode() == status);
  }

  private static void send(PipelineUnderTest pipeline, JsonNode key, String nonce, int partition)
      throws Exception {
    long now = System.currentTimeMillis();
    RecordSignature signature =
        RecordSignature.sign(key.get("signing_key").asText(), id(key), now, nonce, BODY);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            pipeline.connection().clientProperties(),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(TOPICS.requests().name(), partition, null, BODY);
      Map.of(
              HeaderNames.KEY_ID, signature.keyId(),
              HeaderNames.TIMESTAMP, Long.toString(now),
              HeaderNames.NONCE, nonce,
              HeaderNames.SIGNATURE, signature.signature())
          .forEach(
              (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      producer.send(record).get(30, TimeUnit.SECONDS);
    }
  }

  private static void awaitResults(PipelineUnderTest pipeline, String requestId) {
    await().atMost(SOON).until(() -> results(pipeline).contains(requestId));
  }

  /** Ids of all results, as often as they are there. */
  private static List<String> results(PipelineUnderTest pipeline) {
    try (TopicReader<CompletionResult> reader =
        new TopicReader<>(
            pipeline.connection(), TOPICS.completions().name(), CompletionResult.class)) {
      return reader.poll().stream().map(CompletionResult::getRequestId).toList();
    }
  }

  private static String id(JsonNode created) {
    return created.at("/key/id").asText();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return new ObjectMapper().readTree(response.body());
  }
}
