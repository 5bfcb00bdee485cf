package io.millrace.stages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A server on loopback that does to a request what the request's id begins with: {@code flaky}
 * fails twice, {@code broken} fails always, {@code hang} answers only when it is let go.
 * Thread-safe.
 */
final class AskedServer implements AutoCloseable {

  /** Done when it is asked, before anything else. */
  volatile Runnable whenAsked = () -> {};

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
    whenAsked.run();
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
