package io.millrace.workers.provider;

import io.millrace.plugin.provider.HealthReport;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/** Looks whether a provider answers. */
final class HealthLook {

  /** Lists of models can be long; the status is what counts. */
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int TOO_MANY = 429;
  private static final int NOT_IMPLEMENTED = 501;

  private final String name;
  private final HttpTransport transport;

  HealthLook(String name, HttpTransport transport) {
    this.name = name;
    this.transport = transport;
  }

  /** Asks and says what came; empty when the server has nothing at that address. */
  Optional<HealthReport> at(HttpRequest request, Duration timeout) throws InterruptedException {
    try (HttpAnswer answer = transport.send(request, timeout)) {
      int status = answer.status();
      answer.beginning(MAX_BYTES);
      return switch (status) {
        case NOT_FOUND, NOT_ALLOWED, NOT_IMPLEMENTED -> Optional.empty();
        // It is busy, which calls will notice, but it is there.
        case HttpReplies.OK, TOO_MANY -> Optional.of(HealthReport.ok());
        default -> failing("answered " + status);
      };
    } catch (CallTimeoutException e) {
      return failing(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failing("cannot be reached (%s)".formatted(e.getClass().getSimpleName()));
    }
  }

  private Optional<HealthReport> failing(String what) {
    return Optional.of(HealthReport.failing("provider %s %s".formatted(name, what)));
  }
}
