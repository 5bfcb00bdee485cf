package io.millrace.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A provider that speaks OpenAI's chat completions and takes the same time for every call. */
final class UpstreamServer implements AutoCloseable {

  private static final byte[] ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"test","choices":[{"index":0,\
      "message":{"role":"assistant","content":"The mill runs on water and the race feeds its wheel."},\
      "finish_reason":"stop"}],"usage":{"prompt_tokens":230,"completion_tokens":12,"total_tokens":242}}\
      """
          .getBytes(StandardCharsets.UTF_8);

  /** Pieces of a streamed answer after the first, and the time between them. */
  private static final int FURTHER_PIECES = 10;

  private static final Duration BETWEEN_PIECES = Duration.ofMillis(2);

  private static final byte[] PIECE =
      """
      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"test",\
      "choices":[{"index":0,"delta":{"role":"assistant","content":"The mill "},"finish_reason":null}]}

      """
          .getBytes(StandardCharsets.UTF_8);

  private static final byte[] END =
      """
      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"test",\
      "choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """
          .getBytes(StandardCharsets.UTF_8);

  static {
    // Else it closes what is idle for 30 s or one of more than 200, perhaps as a call comes in.
    System.setProperty("sun.net.httpserver.idleInterval", "3600");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Duration latency;
  private final AtomicLong calls = new AtomicLong();
  private volatile boolean failing;

  private UpstreamServer(HttpServer server, ExecutorService threads, Duration latency) {
    this.server = server;
    this.threads = threads;
    this.latency = latency;
  }

  static UpstreamServer start(Duration latency) throws IOException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    UpstreamServer upstream = new UpstreamServer(server, threads, latency);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", upstream::answer);
    server.start();
    return upstream;
  }

  private static void stream(HttpExchange call) throws IOException, InterruptedException {
    call.getResponseHeaders().set("Content-Type", "text/event-stream");
    call.sendResponseHeaders(200, 0);
    OutputStream out = call.getResponseBody();
    for (int piece = 0; piece <= FURTHER_PIECES; piece++) {
      out.write(PIECE);
      out.flush();
      Thread.sleep(BETWEEN_PIECES);
    }
    out.write(END);
  }

  private void answer(HttpExchange call) throws IOException {
    try (call) {
      String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (failing) {
        call.sendResponseHeaders(503, -1);
        return;
      }
      Thread.sleep(latency);
      calls.incrementAndGet();
      if (body.contains("\"stream\":true")) {
        stream(call);
        return;
      }
      call.getResponseHeaders().set("Content-Type", "application/json");
      call.sendResponseHeaders(200, ANSWER.length);
      call.getResponseBody().write(ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("stopped while waiting", e));
    }
  }

  /** What OpenAI's SDKs call the base URL. */
  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  /** Answers every call with 503 from now on, or as it should. */
  void fail(boolean now) {
    failing = now;
  }

  /** How many calls were answered. */
  long calls() {
    return calls.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
