package io.millrace.stages.routing;

import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.model.TrustedRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Health as a test wants it. */
public final class HealthOf implements ProviderHealthView {

  private final Map<String, ProviderHealth> known = new HashMap<>();
  private long atMillis = Long.MAX_VALUE / 2;

  static {
    TrustedRecords.trust();
  }

  /** A model in a state, with a share of its traffic. */
  public HealthOf with(String target, HealthState state, double share) {
    return with(target, state, share, 1, 100, 0);
  }

  /** The same with figures. */
  public HealthOf with(
      String target, HealthState state, double share, double success, long millis, double load) {
    int slash = target.indexOf('/');
    known.put(
        target,
        ProviderHealth.newBuilder()
            .setProvider(target.substring(0, slash))
            .setModel(target.substring(slash + 1))
            .setState(state)
            .setAdmitShare(share)
            .setSuccessRate(success)
            .setCalls(100)
            .setLatencyP50Micros(millis * 1_000)
            .setLatencyP95Micros(millis * 1_000)
            .setLatencyRecentMeanMicros(millis * 1_000)
            .setLoad(load)
            .setAtMillis(atMillis)
            .build());
    return this;
  }

  /** What follows was found out then; by default in the far future, so that it never grows old. */
  public HealthOf at(long millis) {
    atMillis = millis;
    return this;
  }

  @Override
  public Optional<ProviderHealth> of(String provider, String model) {
    return Optional.ofNullable(known.get(provider + "/" + model));
  }
}
