package io.millrace.analytics;

import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;

/**
 * One window of one combination of dimensions.
 *
 * @param startMillis the window's start, UTC
 */
record WindowKey(long startMillis, String provider, String model, String tenant) {

  /** Stands for all values that are not told apart. */
  static final String OTHER = "other";

  static WindowKey of(long startMillis, ProviderCall call) {
    return new WindowKey(startMillis, call.getProvider(), call.getModel(), call.getTenant());
  }

  static WindowKey of(MetricWindow window) {
    return new WindowKey(
        window.getWindowStartMillis(), window.getProvider(), window.getModel(), window.getTenant());
  }

  /** The key on {@code analytics.realtime}: the same for every window of the combination. */
  String topicKey() {
    return provider + "|" + model + "|" + tenant;
  }

  /** The key in the store: windows in order of their start. */
  String storeKey() {
    String start = Long.toString(startMillis);
    return "0".repeat(Math.max(0, 15 - start.length())) + start + "|" + topicKey();
  }

  /** The next coarser combination; the coarsest is its own. */
  WindowKey coarser() {
    if (!tenant.equals(OTHER)) {
      return new WindowKey(startMillis, provider, model, OTHER);
    }
    if (!model.equals(OTHER)) {
      return new WindowKey(startMillis, provider, OTHER, OTHER);
    }
    return new WindowKey(startMillis, OTHER, OTHER, OTHER);
  }
}
