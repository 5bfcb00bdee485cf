package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one provider and what is known of them. A provider without keys has a pool of one
 * entry without a secret, which rests but is never refused. Thread-safe.
 */
final class KeyPool {

  /** However little a provider asks for. */
  private static final Duration MIN_REST = Duration.ofMillis(10);

  /** However much it asks for. */
  private static final Duration MAX_REST = Duration.ofDays(1);

  private final String provider;
  private final List<PooledKey> keys;
  private final Duration recovery;
  private final DoubleSupplier random;

  /**
   * A pool. Every instant that its methods take is of one clock, best of one that never goes back.
   *
   * @param recovery how long a refused key is left alone
   * @param random values from 0 inclusive to 1 exclusive; thread-safe
   */
  KeyPool(String provider, List<ApiKeySetting> keys, Duration recovery, DoubleSupplier random) {
    this.provider = provider;
    this.keys =
        keys.isEmpty() ? List.of(PooledKey.keyless()) : keys.stream().map(PooledKey::new).toList();
    this.recovery = recovery;
    this.random = random;
  }

  /** Picks a key for a model: at random by weight among those that may be used now. */
  Pick pick(String model, Instant now) {
    return pickOther(model, null, now);
  }

  /** The same, but never this one. */
  Pick pickOther(String model, @Nullable PooledKey unwanted, Instant now) {
    List<PooledKey> usable = new ArrayList<>(keys.size());
    Instant firstBack = Instant.MAX;
    PipelineError refusal = null;
    boolean anyAllowed = false;
    for (PooledKey key : keys) {
      if (key == unwanted || !key.allows(model)) {
        continue;
      }
      anyAllowed = true;
      PipelineError refused = key.refusal(model, now);
      if (refused != null) {
        refusal = refused;
      } else if (key.restsUntil().isAfter(now)) {
        firstBack = firstBack.isBefore(key.restsUntil()) ? firstBack : key.restsUntil();
      } else {
        usable.add(key);
      }
    }
    if (!usable.isEmpty()) {
      return new Pick.Use(byWeight(usable));
    }
    if (!anyAllowed) {
      return new Pick.None(noneEligible(model));
    }
    if (!firstBack.equals(Instant.MAX)) {
      return new Pick.Resting(firstBack);
    }
    return new Pick.None(refusal == null ? noneEligible(model) : exhausted(refusal));
  }

  /**
   * Marks a key by how a call with it failed (hook contract, H26). A key that rests, rests for a
   * moment at least: a provider that says 0 would be called in a loop.
   *
   * @param otherwise how long it rests when the provider does not say
   */
  void mark(
      PooledKey key, String model, ProviderReply.Failure failure, Duration otherwise, Instant now) {
    if (failure.failure() == FailureClass.RATE_LIMITED) {
      Duration rest = restOf(failure.error(), otherwise);
      rest(key, now.plus(rest.compareTo(MIN_REST) < 0 ? MIN_REST : rest));
    } else if (failure.failure().next() == FailureClass.Next.NEXT_KEY) {
      refuse(key, model, failure.error(), !dependsOnModel(failure), now);
    }
  }

  /** What the provider asks for, within reason. */
  static Duration restOf(PipelineError error, Duration otherwise) {
    Duration asked = error.retryAfter();
    if (asked == null) {
      return otherwise;
    }
    return asked.compareTo(MAX_REST) > 0 ? MAX_REST : asked;
  }

  /** Whether a key may be used for some model now. */
  static boolean usable(PooledKey key, Instant now) {
    return key.usable(PooledKey.ALL_MODELS, now);
  }

  /** The keys, in the order of the configuration. */
  List<PooledKey> keys() {
    return keys;
  }

  /** Lets a key rest: its provider said that it is used too much. */
  void rest(PooledKey key, Instant until) {
    key.restUntil(until);
  }

  /** Marks a key as refused, for a model or altogether. */
  void refuse(PooledKey key, String model, PipelineError error, boolean altogether, Instant now) {
    key.refuse(altogether ? PooledKey.ALL_MODELS : model, error, now.plus(recovery));
  }

  private PooledKey byWeight(List<PooledKey> usable) {
    if (usable.size() == 1) {
      return usable.getFirst();
    }
    double left = random.getAsDouble() * usable.stream().mapToDouble(PooledKey::weight).sum();
    for (PooledKey key : usable) {
      left -= key.weight();
      if (left < 0) {
        return key;
      }
    }
    return usable.getLast();
  }

  private PipelineError noneEligible(String model) {
    return ErrorCode.NO_ELIGIBLE_KEYS.error(
        "no key of provider %s may be used for model %s: add the model to a key"
            .formatted(provider, model));
  }

  /** A model that no key can reach is the better explanation than keys that are used up. */
  private PipelineError exhausted(PipelineError refusal) {
    return refusal.code().equals(ErrorCode.MODEL_NOT_FOUND.wireName())
        ? refusal
        : ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED.error(
            "every key of provider %s was refused; the last time: %s"
                .formatted(provider, refusal.message()));
  }

  /** 403 and 404 may be about this model alone; the rest is about the key. */
  private static boolean dependsOnModel(ProviderReply.Failure failure) {
    Integer status = failure.httpStatus();
    return status != null && (status == 403 || status == 404);
  }

  /** What a pool has to offer. */
  sealed interface Pick {

    /** This key. */
    record Use(PooledKey key) implements Pick {}

    /** All keys that would do rest; the first is back then. */
    record Resting(Instant until) implements Pick {}

    /** Nothing, and waiting will not help. */
    record None(PipelineError error) implements Pick {}
  }
}
