package io.millrace.stages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server on loopback that does to a request what the request's id begins with: {@code slow} takes
 * a second, {@code flaky} fails twice, {@code broken} fails always, {@code hang} answers only when
 * it is let go. Thread-safe.
 */
final class AskedServer implements AutoCloseable {

  static final Duration SLOW = Duration.ofSeconds(1);

  private final HttpServer server;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final CountDownLatch letGo = new CountDownLatch(1);

  AskedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** How often it was asked about a request. */
  int asked(String requestId) {
    return asked.getOrDefault(requestId, 0);
  }

  /** What hangs, now and later, is answered. */
  void letGo() {
    letGo.countDown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestURI().getPath().substring(1);
    int times = asked.merge(id, 1, Integer::sum);
    try {
      exchange.sendResponseHeaders(status(id, times), -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private int status(String id, int times) throws InterruptedException {
    return switch (id.substring(0, id.indexOf('-'))) {
      case "slow" -> {
        boolean early = letGo.await(SLOW.toMillis(), TimeUnit.MILLISECONDS);
        yield early ? 503 : 200;
      }
      case "flaky" -> times <= 2 ? 500 : 200;
      case "broken" -> 500;
      case "hang" -> {
        letGo.await();
        yield 200;
      }
      default -> 200;
    };
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
  }
}
