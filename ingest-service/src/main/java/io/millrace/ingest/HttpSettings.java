package io.millrace.ingest;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP interface listens.
 *
 * @param host the address to bind
 * @param port 0 takes a free one
 * @param advertisedHost under which other instances reach this one; null for the host
 * @param advertisedPort 0 for the port
 * @param maxWaiters the most callers who wait for a result at a time
 * @param waitGrace how long a caller waits beyond the deadline, so that the pipeline's own answer
 *     to a missed deadline still reaches them
 * @param drainTimeout how long closing waits for callers who wait
 */
public record HttpSettings(
    String host,
    int port,
    @Nullable String advertisedHost,
    int advertisedPort,
    int maxWaiters,
    Duration waitGrace,
    Duration drainTimeout) {

  private static final int MAX_PORT = 65_535;

  /** Checks the bounds. */
  public HttpSettings {
    Objects.requireNonNull(host, "host");
    if (port < 0 || port > MAX_PORT || advertisedPort < 0 || advertisedPort > MAX_PORT) {
      throw new IllegalArgumentException("ports must be 0 to " + MAX_PORT);
    }
    if (maxWaiters < 1) {
      throw new IllegalArgumentException("maxWaiters must be at least 1, is " + maxWaiters);
    }
    if (waitGrace.isNegative() || drainTimeout.isNegative()) {
      throw new IllegalArgumentException("waitGrace and drainTimeout must not be negative");
    }
  }

  /** 127.0.0.1:8080, 10,000 waiting callers, 2 s of grace, 30 s to drain. */
  public static HttpSettings defaults() {
    return new HttpSettings(
        "127.0.0.1", 8080, null, 0, 10_000, Duration.ofSeconds(2), Duration.ofSeconds(30));
  }

  /** These settings listening elsewhere. */
  public HttpSettings withAddress(String otherHost, int otherPort) {
    return new HttpSettings(
        otherHost, otherPort, advertisedHost, advertisedPort, maxWaiters, waitGrace, drainTimeout);
  }

  /** These settings reached by other instances under another address. */
  public HttpSettings withAdvertised(@Nullable String otherHost, int otherPort) {
    return new HttpSettings(host, port, otherHost, otherPort, maxWaiters, waitGrace, drainTimeout);
  }

  /** These settings with another bound on waiting callers. */
  public HttpSettings withMaxWaiters(int max) {
    return new HttpSettings(
        host, port, advertisedHost, advertisedPort, max, waitGrace, drainTimeout);
  }

  /** These settings with other times. */
  public HttpSettings withTimes(Duration otherWaitGrace, Duration otherDrainTimeout) {
    return new HttpSettings(
        host, port, advertisedHost, advertisedPort, maxWaiters, otherWaitGrace, otherDrainTimeout);
  }
}
