package io.millrace.ingest;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import io.millrace.plugin.model.ErrorCode;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: one virtual thread per call, errors always in the chat completions form. Callers
 * who wait do nothing on their connection for as long as their request runs, so the connections'
 * idle time-out is longer than any request.
 */
final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final long STOP_TIMEOUT_MILLIS = 2_000;

  private final Javalin javalin;

  private HttpServer(Javalin javalin) {
    this.javalin = javalin;
  }

  /** Starts to listen; a port of 0 takes a free one. */
  static HttpServer start(
      HttpSettings settings, Duration idleTimeout, Consumer<RoutesConfig> endpoints) {
    Javalin javalin =
        Javalin.create(
            config -> {
              configure(config, idleTimeout);
              endpoints.accept(config.routes);
              faults(config.routes);
            });
    try {
      javalin.start(settings.host(), settings.port());
    } catch (RuntimeException e) {
      javalin.stop();
      throw notListening(settings, e);
    }
    return new HttpServer(javalin);
  }

  private static IllegalStateException notListening(HttpSettings settings, RuntimeException e) {
    Throwable reason = e;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return new IllegalStateException(
        ("cannot listen on %s:%d for HTTP (%s): stop what listens there, or choose another port"
                + " (--http-port, http.port)")
            .formatted(settings.host(), settings.port(), reason.getMessage()),
        e);
  }

  int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private static void configure(JavalinConfig config, Duration idleTimeout) {
    config.concurrency.useVirtualThreads = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.maxRequestSize = Long.MAX_VALUE; // CallBody holds the bound
    config.jetty.modifyServer(server -> server.setStopTimeout(STOP_TIMEOUT_MILLIS));
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setIdleTimeout(idleTimeout.toMillis());
          http.setSendServerVersion(false);
        });
  }

  private static void faults(RoutesConfig routes) {
    routes.before(HttpServer::echoCallersId);
    routes.exception(
        RefusedException.class, (e, call) -> Answers.error(call, e.error(), e.param()));
    routes.exception(
        NotFoundResponse.class,
        (e, call) -> Answers.error(call, HttpErrors.noSuchPath(call.path()), null));
    routes.exception(MethodNotAllowedResponse.class, HttpServer::wrongMethod);
    routes.exception(
        HttpResponseException.class,
        (e, call) ->
            Answers.error(
                call, HttpErrors.invalid(e.getStatus(), String.valueOf(e.getMessage())), null));
    routes.exception(
        InterruptedException.class,
        (e, call) -> Answers.error(call, Intake.shuttingDown().error(), null));
    routes.exception(Exception.class, HttpServer::fault);
  }

  private static void echoCallersId(Context call) {
    String id = HttpSubmission.callersId(call);
    if (id != null) {
      call.header(HttpSubmission.REQUEST_ID, id);
    }
  }

  private static void wrongMethod(MethodNotAllowedResponse e, Context call) {
    String taken = String.join(", ", e.getDetails().values());
    call.header(Header.ALLOW, taken);
    Answers.error(call, HttpErrors.wrongMethod(call.path(), call.method().name(), taken), null);
  }

  private static void fault(Exception e, Context call) {
    LOG.error("{} {} failed", call.method(), call.path(), e);
    Answers.error(
        call, ErrorCode.INTERNAL_ERROR.error("the request failed here; the log says why"), null);
  }
}
