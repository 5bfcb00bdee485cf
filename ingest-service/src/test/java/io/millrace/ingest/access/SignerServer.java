package io.millrace.ingest.access;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A signer's keys over HTTP, on loopback. */
final class SignerServer implements AutoCloseable {

  final AtomicInteger calls = new AtomicInteger();

  /** Whether it answers 503. */
  volatile boolean out;

  private volatile JWKSet keys;
  private final HttpServer server;

  SignerServer(JWKSet keys) throws IOException {
    this.keys = keys;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          calls.incrementAndGet();
          byte[] body = this.keys.toString(true).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(out ? 503 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** Publishes other keys from now on. */
  void publish(JWKSet others) {
    keys = others;
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
