package io.millrace.workers.provider;

import io.millrace.plugin.provider.HealthReport;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;

/** Looks whether a provider answers. */
final class HealthLook {

  /** Lists of models can be long; the status is what counts. */
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private final String name;
  private final HttpTransport transport;

  HealthLook(String name, HttpTransport transport) {
    this.name = name;
    this.transport = transport;
  }

  /** Asks and says what came. */
  HealthReport at(HttpRequest request, Duration timeout) throws InterruptedException {
    try (HttpAnswer answer = transport.send(request, timeout)) {
      int status = answer.status();
      answer.beginning(MAX_BYTES);
      return status == HttpReplies.OK
          ? HealthReport.ok()
          : HealthReport.failing("provider %s answered %d".formatted(name, status));
    } catch (CallTimeoutException e) {
      return HealthReport.failing("provider %s %s".formatted(name, e.getMessage()));
    } catch (IOException e) {
      return HealthReport.failing(
          "provider %s cannot be reached (%s)".formatted(name, e.getClass().getSimpleName()));
    }
  }
}
