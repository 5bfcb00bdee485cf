package io.millrace.workers;

import io.millrace.plugin.model.PipelineError;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One key and what is known of it. Thread-safe. */
final class PooledKey {

  /** Stands for a refusal that does not depend on the model. */
  static final String ALL_MODELS = "";

  /** Past this many refused models the whole key counts as refused. */
  private static final int MAX_REFUSED_MODELS = 256;

  private final @Nullable ApiKeySetting setting;
  private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
  private volatile Instant restsUntil = Instant.MIN;

  PooledKey(ApiKeySetting setting) {
    this.setting = setting;
  }

  private PooledKey() {
    this.setting = null;
  }

  /** The entry of a provider that needs no key. */
  static PooledKey keyless() {
    return new PooledKey();
  }

  /** The secret, or null where there is none. */
  @Nullable String secret() {
    return setting == null ? null : setting.value();
  }

  /** What to call it, or null where there is no key. */
  @Nullable String name() {
    return setting == null ? null : setting.name();
  }

  double weight() {
    return setting == null ? 1 : setting.weight();
  }

  boolean allows(String model) {
    return setting == null || setting.allows(model);
  }

  Instant restsUntil() {
    return restsUntil;
  }

  synchronized void restUntil(Instant until) {
    if (until.isAfter(restsUntil)) {
      restsUntil = until;
    }
  }

  boolean needsNone() {
    return setting == null;
  }

  boolean usable(String model, Instant now) {
    return !restsUntil.isAfter(now) && refusal(model, now) == null;
  }

  /** Why it cannot be used for a model now, or null when it can. */
  @Nullable PipelineError refusal(String model, Instant now) {
    if (refusals.isEmpty()) {
      return null;
    }
    PipelineError altogether = current(ALL_MODELS, now);
    return altogether != null ? altogether : current(model, now);
  }

  void refuse(String model, PipelineError error, Instant until) {
    if (setting != null) {
      refusals.put(
          refusals.size() < MAX_REFUSED_MODELS ? model : ALL_MODELS, new Refusal(error, until));
    }
  }

  private @Nullable PipelineError current(String model, Instant now) {
    Refusal refusal = refusals.get(model);
    if (refusal == null) {
      return null;
    }
    if (refusal.until().isAfter(now)) {
      return refusal.error();
    }
    refusals.remove(model, refusal);
    return null;
  }

  private record Refusal(PipelineError error, Instant until) {}
}
