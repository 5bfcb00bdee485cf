package io.millrace.workers.provider;

import io.millrace.plugin.tck.HttpLimits;
import java.net.URI;
import java.util.Map;

/** Settings for the compatibility kit. */
final class TckSettings {

  private TckSettings() {}

  static Map<String, Object> of(URI baseUrl, HttpLimits limits) {
    return Map.of(
        "base_url", baseUrl.toString(),
        "connect_timeout_ms", limits.connect().toMillis(),
        "first_byte_timeout_ms", limits.firstByte().toMillis(),
        "idle_timeout_ms", limits.idle().toMillis(),
        "max_response_bytes", limits.maxBytes());
  }
}
