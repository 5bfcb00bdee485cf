package io.millrace.schemas.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A far side that gives its answers in the order they were scripted, the last one for ever. */
final class ScriptedServer implements AutoCloseable {

  record Request(String method, String path, @Nullable String authorization, String body) {}

  private record Answer(int status, String body, @Nullable CountDownLatch until) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Semaphore arrived = new Semaphore(0);
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final String scheme;

  ScriptedServer() {
    this(null);
  }

  ScriptedServer(@Nullable SSLContext tls) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      if (tls == null) {
        server = HttpServer.create(address, 0);
        scheme = "http";
      } else {
        HttpsServer https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = https;
        scheme = "https";
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  ScriptedServer answers(int status, String body) {
    answers.add(new Answer(status, body, null));
    return this;
  }

  /** An answer that is held back until the latch opens. */
  ScriptedServer answersAfter(CountDownLatch latch, int status, String body) {
    answers.add(new Answer(status, body, latch));
    return this;
  }

  String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String url() {
    return scheme + "://" + hostAndPort();
  }

  /** Waits until so many requests more have arrived, at most a minute. */
  void awaitRequests(int count) throws InterruptedException {
    if (!arrived.tryAcquire(count, 1, TimeUnit.MINUTES)) {
      throw new AssertionError(count + " requests did not arrive; there are " + requests);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              exchange.getRequestHeaders().getFirst("Authorization"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      arrived.release();
      Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
      if (answer.until() != null) {
        answer.until().await();
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
