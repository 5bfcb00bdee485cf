package io.millrace.analytics;

import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.Usage;
import org.jspecify.annotations.Nullable;

/** Provider calls for tests. */
final class Calls {

  private Calls() {}

  /** A successful call that ended at a moment. */
  static ProviderCall ok(String provider, String tenant, long endedAtMillis, long latencyMicros) {
    return call(provider, "m1", tenant, endedAtMillis, latencyMicros, null);
  }

  /** A failed call that ended at a moment. */
  static ProviderCall failed(String provider, String tenant, long endedAtMillis, String errorCode) {
    return call(provider, "m1", tenant, endedAtMillis, 1_000, errorCode);
  }

  static ProviderCall call(
      String provider,
      String model,
      String tenant,
      long endedAtMillis,
      long latencyMicros,
      @Nullable String errorCode) {
    return ProviderCall.newBuilder()
        .setExchangeId(tenant + "/r1")
        .setRequestId("r1")
        .setTenant(tenant)
        .setAttempt(1)
        .setCall(1)
        .setProvider(provider)
        .setModel(model)
        .setKeyName(null)
        .setLane(Lane.STANDARD)
        .setWorker("w1")
        .setStartedAtMillis(endedAtMillis - latencyMicros / 1_000)
        .setLatencyMicros(latencyMicros)
        .setHttpStatus(errorCode == null ? 200 : 500)
        .setErrorCode(errorCode)
        .setUsage(errorCode == null ? new Usage(10L, 20L, 0L, 0L) : null)
        .setCostNanos(errorCode == null ? 300 : 0)
        .build();
  }
}
