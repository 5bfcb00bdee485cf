package io.millrace.ingest;

import static io.millrace.ingest.HttpFixture.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of server-sent events, with a scripted pipeline behind the real HTTP server. */
class StreamEndpointTest {

  private static final String PATH = "/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"sim/echo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
  private static final String DONE = "data: [DONE]";

  private HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  private void restart(StreamSettings settings) {
    http.close();
    http = new HttpFixture(IngestConfig.defaults(), new SimpleMeterRegistry(), null, settings);
  }

  private static StreamSettings settings(
      Duration keepAlive, int maxQueuedChunks, Duration writeTimeout, Duration settleWait) {
    return new StreamSettings(
        keepAlive, maxQueuedChunks, 64 << 20, 128 << 20, writeTimeout, settleWait, settleWait);
  }

  /** What the pipeline does with each exchange: these pieces, then the echo. */
  private void answering(CompletionChunk... chunks) {
    answering(Requests::echo, chunks);
  }

  private void answering(Function<Exchange, CompletionResult> result, CompletionChunk... chunks) {
    http.pipeline =
        exchange -> {
          send(exchange, chunks);
          http.waiters.deliver(result.apply(exchange));
          return QUEUED;
        };
  }

  /** The exchange that comes to the pipeline next; nothing is done with it there. */
  private CompletableFuture<Exchange> published() {
    CompletableFuture<Exchange> published = new CompletableFuture<>();
    http.pipeline =
        exchange -> {
          published.complete(exchange);
          return QUEUED;
        };
    return published;
  }

  private void send(Exchange exchange, CompletionChunk... chunks) {
    for (CompletionChunk chunk : chunks) {
      http.streams.deliver(Chunks.of(exchange, chunk));
    }
  }

  @Test
  void shouldSendThePiecesAsEvents() throws Exception {
    answering(Chunks.text("a", 0, "hel"), Chunks.text("a", 1, "lo"), Chunks.end("a", 2));

    HttpResponse<String> response = http.post(PATH, BODY, "X-Request-ID", "mine");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(response.headers().firstValue("X-Request-ID")).contains("mine");
    assertThat(response.headers().firstValue("X-Millrace-Request-ID"))
        .contains(http.published.getFirst().getRequestId());
    assertThat(events(response.body()))
        .containsExactly("data: " + Chunks.json("hel"), "data: " + Chunks.json("lo"), DONE);
    assertThat(http.meters.timer(IngestMeters.CHUNK_DELAY).count()).isEqualTo(2);
    await().until(() -> ended("completed") == 1);
    assertThat(http.waiters.size()).isZero();
    assertThat(http.streams.size()).isZero();
  }

  @Test
  void shouldSendEachPieceAtOnce() throws Exception {
    CompletableFuture<Exchange> published = published();
    CompletableFuture<HttpResponse<InputStream>> answer = stream();
    Exchange exchange = published.get();
    send(exchange, Chunks.text("a", 0, "hel"));

    try (BufferedReader reader = reader(answer.get())) {
      assertThat(reader.readLine()).isEqualTo("data: " + Chunks.json("hel"));
      assertThat(reader.readLine()).isEmpty();
      send(exchange, Chunks.text("a", 1, "lo"));
      assertThat(reader.readLine()).isEqualTo("data: " + Chunks.json("lo"));
      send(exchange, Chunks.end("a", 2));
      http.waiters.deliver(Requests.echo(exchange));
      assertThat(reader.lines().toList()).contains(DONE);
    }
  }

  @Test
  void shouldKeepLinesTogetherWhenAPieceHasLineBreaks() throws Exception {
    answering(Chunks.piece("a", 1, 0, "{\n\"choices\":\r\n[]}", null), Chunks.end("a", 1));

    assertThat(events(http.post(PATH, BODY).body()))
        .containsExactly("data: { \"choices\":  []}", DONE);
  }

  @Test
  void shouldReplayAnAnswerThatWasNotStreamed() throws Exception {
    answering(
        exchange -> {
          CompletionResult result = Requests.echo(exchange);
          result.setResponseHeaders(Map.of("x-millrace-cache", "hit"));
          return result;
        });

    HttpResponse<String> response =
        http.post(PATH, BODY.replace("true,", "true,\"stream_options\":{\"include_usage\":true},"));

    assertThat(response.headers().firstValue("x-millrace-cache")).contains("hit");
    List<String> events = events(response.body());
    assertThat(events).hasSize(4);
    assertThat(events.getFirst()).contains("\"content\":\"hello\"");
    assertThat(events.get(2)).contains("\"choices\":[]").contains("\"total_tokens\":2");
    assertThat(events.getLast()).isEqualTo(DONE);
    await().until(() -> ended("replayed") == 1);
  }

  @Test
  void shouldTellAnErrorByItsStatusWhenNothingWasSent() throws Exception {
    answering(
        exchange -> Requests.failed(exchange, "upstream_rate_limited", 429), Chunks.broken("a", 0));

    HttpResponse<String> response = http.post(PATH, BODY);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains("2");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
    assertThat(HttpFixture.json(response).at("/error/code").asText())
        .isEqualTo("upstream_rate_limited");
  }

  @Test
  void shouldTellAnErrorByAnEventWhenAPieceWasSent() throws Exception {
    answering(Chunks.text("a", 0, "hel"), Chunks.broken("a", 1));

    HttpResponse<String> response = http.post(PATH, BODY);

    assertThat(response.statusCode()).isEqualTo(200);
    List<String> events = events(response.body());
    assertThat(events).hasSize(2);
    assertThat(events.getLast())
        .startsWith("data: {\"error\":{")
        .contains("\"code\":\"upstream_error\"");
    await().until(() -> ended("failed") == 1);
  }

  @Test
  void shouldRefuseAtOnceWhenPublishingFails() throws Exception {
    http.pipeline = exchange -> CompletableFuture.failedFuture(new IOException("no broker"));

    HttpResponse<String> response = http.post(PATH, BODY);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(HttpFixture.json(response).at("/error/code").asText()).isEqualTo("unavailable");
  }

  @Test
  void shouldTellThatItGoesOnWhileNothingComes() throws Exception {
    restart(settings(Duration.ofMillis(20), 100, Duration.ofSeconds(10), Duration.ofSeconds(2)));
    CompletableFuture<Exchange> published = published();
    CompletableFuture<HttpResponse<InputStream>> answer = stream();
    try (BufferedReader reader = reader(answer.get())) {
      assertThat(reader.readLine()).isEqualTo(": keep-alive");
      http.waiters.deliver(Requests.failed(published.get(), "upstream_error", 502));
      assertThat(reader.lines().toList()).anyMatch(line -> line.startsWith("data: {\"error\""));
    }
  }

  @Test
  void shouldTellTheDeadlineWhenNothingComes() throws Exception {
    http.close();
    IngestConfig config = IngestConfig.defaults();
    http =
        new HttpFixture(
            config.withHttp(config.http().withTimes(Duration.ZERO, Duration.ZERO)),
            new SimpleMeterRegistry());
    http.pipeline = exchange -> QUEUED;

    HttpResponse<String> response = http.post(PATH, BODY, "X-Millrace-Deadline-Ms", "50");

    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.body()).contains("deadline_exceeded");
  }

  @Test
  void shouldCompleteFromTheResultWhenTheEndOfTheStreamIsLost() throws Exception {
    restart(settings(Duration.ofSeconds(15), 100, Duration.ofSeconds(10), Duration.ofMillis(50)));
    answering(Chunks.text("a", 0, "hel"));

    List<String> events = events(http.post(PATH, BODY).body());

    assertThat(events).hasSize(4);
    assertThat(events.get(1)).contains("\"content\":\"lo\"");
    assertThat(events.getLast()).isEqualTo(DONE);
  }

  @Test
  void shouldReplayAKnownResultWithoutRunningItAgain() throws Exception {
    http.knows(Requests.echo(Requests.exchange("default", "k")));

    HttpResponse<String> response = http.post(PATH, BODY, "Idempotency-Key", "k");

    assertThat(events(response.body()).getLast()).isEqualTo(DONE);
    assertThat(http.published).isEmpty();
  }

  @Test
  void shouldEndTheStreamOfASlowReaderAndOfNobodyElse() throws Exception {
    restart(settings(Duration.ofSeconds(15), 50, Duration.ofSeconds(10), Duration.ofSeconds(2)));
    CompletableFuture<Exchange> published = published();
    try (Socket reader = openStream()) {
      sendMuch(published.get(), reader, 500);
      String all = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all).contains("\"code\":\"slow_reader\"").doesNotContain(DONE);
    }
    await().until(() -> ended("slow_reader") == 1);
    await().until(() -> http.waiters.size() == 0);
    answering();
    assertThat(events(http.post(PATH, BODY).body())).contains(DONE);
  }

  @Test
  void shouldCloseTheConnectionOfAReaderWhoTakesNothing() throws Exception {
    restart(settings(Duration.ofSeconds(15), 500, Duration.ofMillis(300), Duration.ofSeconds(2)));
    CompletableFuture<Exchange> published = published();
    try (Socket reader = openStream()) {
      sendMuch(published.get(), reader, 400);
      await().until(() -> ended("gone") == 1);
      assertThat(reader.isClosed()).isFalse();
    }
    await().until(() -> http.waiters.size() == 0);
    assertThat(http.streams.size()).isZero();
  }

  @Test
  void shouldLetGoWhenTheReaderIsGone() throws Exception {
    restart(settings(Duration.ofMillis(20), 100, Duration.ofSeconds(10), Duration.ofSeconds(2)));
    CompletableFuture<Exchange> published = published();
    try (Socket reader = openStream()) {
      published.get();
      assertThat(reader.getInputStream().read()).isPositive();
    }
    await().until(() -> ended("gone") == 1);
    await().until(() -> http.waiters.size() == 0);
  }

  /** The socket takes some; what is beyond waits in the queue until that is full. */
  private void sendMuch(Exchange exchange, Socket reader, int pieces) throws IOException {
    send(exchange, Chunks.text("a", 0, "first"));
    assertThat(reader.getInputStream().read()).isPositive();
    String long100k = Chunks.json("x".repeat(100_000));
    for (long i = 1; i < pieces; i++) {
      send(exchange, Chunks.piece("a", 1, i, long100k, null));
    }
  }

  private long ended(String outcome) {
    return http.meters.timer(IngestMeters.STREAMS, "outcome", outcome).count();
  }

  private CompletableFuture<HttpResponse<InputStream>> stream() {
    return http.client.sendAsync(
        HttpRequest.newBuilder(http.uri(PATH))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(BODY))
            .build(),
        BodyHandlers.ofInputStream());
  }

  /** A reader with a small window that reads nothing until told to. */
  private Socket openStream() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8_192);
    socket.connect(new java.net.InetSocketAddress("127.0.0.1", http.uri("/").getPort()));
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + PATH
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Connection: close\r\nContent-Length: "
                    + BODY.length()
                    + "\r\n\r\n"
                    + BODY)
                .getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static BufferedReader reader(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static List<String> events(String body) {
    return body.lines().filter(line -> !line.isEmpty()).toList();
  }
}
