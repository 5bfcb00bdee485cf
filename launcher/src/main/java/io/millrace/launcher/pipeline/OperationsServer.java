package io.millrace.launcher.pipeline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.launcher.config.MillraceConfig.Operations;
import io.millrace.stages.HookStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For operators: {@code /healthz}, {@code /readyz}, {@code /metrics}, and behind the
 * administrator's credential {@code /admin/plugins}, the plugins that run here, {@code
 * /admin/keys}, {@code /admin/providers}, and {@code /admin/hooks/}, what hooks keep anywhere.
 * Thread-safe.
 */
final class OperationsServer implements AutoCloseable {

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  static final String JSON = "application/json";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private static final String ENDPOINTS =
      """
      For operators:
        /healthz          whether this process runs
        /readyz           whether it has begun to work
        /metrics          for Prometheus
        /admin/plugins    the plugins here
        /admin/keys       keys; also /admin/providers and /admin/hooks
      Requests go to the HTTP port; docs/http.md says how, docs/operations.md what these are.
      """;

  private final @Nullable HttpServer server;
  private final PrometheusMeterRegistry meters;
  private final AdminEndpoints admin;
  private volatile BooleanSupplier ready = () -> false;
  private volatile Supplier<Optional<Throwable>> failure = Optional::empty;
  private volatile Supplier<List<HookStatus>> hooks = List::of;
  private volatile Supplier<List<PluginStatus>> others = List::of;

  private OperationsServer(
      @Nullable HttpServer server, PrometheusMeterRegistry meters, AdminEndpoints admin) {
    this.server = server;
    this.admin = admin;
    this.meters = meters;
  }

  /**
   * Starts to listen; does nothing where the configured port is 0.
   *
   * @throws PipelineException when the port is taken
   */
  static OperationsServer start(
      Operations operations, PrometheusMeterRegistry meters, AdminEndpoints admin) {
    if (operations.port() == 0) {
      return new OperationsServer(null, meters, admin);
    }
    HttpServer server = bind(operations);
    OperationsServer started = new OperationsServer(server, meters, admin);
    started.serve(server);
    return started;
  }

  /** Tells what to answer from now on; before that, nothing is ready. */
  void watch(RoleGroup roles, Plugins loaded) {
    failure = roles::failure;
    hooks = roles::hooks;
    others = () -> loaded.othersIn(roles.roles());
    ready = roles::ready;
  }

  /** All that is served: what is for administrators begins with {@code /admin/}. */
  private void serve(HttpServer server) {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", OperationsServer::other);
    server.createContext("/healthz", this::health);
    server.createContext("/readyz", this::readiness);
    server.createContext("/metrics", exchange -> answer(exchange, OK, meters.scrape()));
    admin.guard(server.createContext("/admin/plugins", this::plugins));
    admin.addTo(server);
    server.start();
  }

  private void health(HttpExchange exchange) throws IOException {
    Optional<Throwable> cause = failure.get();
    answer(
        exchange,
        cause.isEmpty() ? OK : UNAVAILABLE,
        cause.map(c -> "failed: " + c.getMessage()).orElse("ok"));
  }

  private void readiness(HttpExchange exchange) throws IOException {
    boolean yes = ready.getAsBoolean();
    answer(exchange, yes ? OK : UNAVAILABLE, yes ? "ready" : "not ready");
  }

  /** Whatever has no endpoint of its own. */
  private static void other(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/")) {
      answer(exchange, OK, ENDPOINTS);
    } else {
      answer(exchange, NOT_FOUND, "there is no " + path + " here.\n" + ENDPOINTS);
    }
  }

  private void plugins(HttpExchange exchange) throws IOException {
    answer(exchange, OK, JSON, PluginStatusJson.write(hooks.get(), others.get()));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    answer(exchange, status, TEXT, text);
  }

  static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static HttpServer bind(Operations operations) {
    try {
      return HttpServer.create(new InetSocketAddress(operations.host(), operations.port()), 0);
    } catch (IOException e) {
      throw new PipelineException(
          "cannot listen on %s:%d for operators (%s): set operations.port to another one"
              .formatted(operations.host(), operations.port(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    admin.close();
  }
}
