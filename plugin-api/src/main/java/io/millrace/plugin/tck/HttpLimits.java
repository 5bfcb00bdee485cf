package io.millrace.plugin.tck;

import java.time.Duration;

/**
 * Limits that the kit wants a provider to keep.
 *
 * @param connect how long a connection may take to come about
 * @param firstByte how long an answer may take to begin
 * @param idle how long it may pause once it has begun
 * @param maxBytes the longest answer that is taken, at least 1,024
 */
public record HttpLimits(Duration connect, Duration firstByte, Duration idle, int maxBytes) {

  static final HttpLimits WIDE =
      new HttpLimits(
          Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(20), 1 << 20);

  HttpLimits withConnect(Duration limit) {
    return new HttpLimits(limit, firstByte, idle, maxBytes);
  }

  HttpLimits withFirstByte(Duration limit) {
    return new HttpLimits(connect, limit, idle, maxBytes);
  }

  HttpLimits withIdle(Duration limit) {
    return new HttpLimits(connect, firstByte, limit, maxBytes);
  }

  HttpLimits withMaxBytes(int limit) {
    return new HttpLimits(connect, firstByte, idle, limit);
  }
}
