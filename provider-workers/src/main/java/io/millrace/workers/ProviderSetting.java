package io.millrace.workers;

import io.millrace.plugin.model.TokenPrice;
import io.millrace.workers.gate.CallControls;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One provider that workers call. Immutable.
 *
 * @param type which implementation, e.g. {@code openai} or {@code simulated}
 * @param settings what that implementation wants to know, {@code env.} names already replaced
 * @param keys the keys to call it with; empty when it needs none
 * @param models the models it is asked for, as it names them; empty when that is open
 * @param prices by model, {@code *} for all others; what a model without a price costs is not known
 * @param maxInFlight the most calls at once in one process, those included whose end is not
 *     committed yet, so it bounds what a crash repeats; at least 1
 * @param timeout the most one call may take
 * @param retries how failed calls are repeated
 * @param keyRecovery how long a refused key is left alone
 * @param controls what holds calls back, or doubles them
 */
public record ProviderSetting(
    String type,
    Map<String, Object> settings,
    List<ApiKeySetting> keys,
    List<String> models,
    Map<String, TokenPrice> prices,
    int maxInFlight,
    Duration timeout,
    RetrySetting retries,
    Duration keyRecovery,
    CallControls controls) {

  /** Stands for all models without a price of their own. */
  public static final String ANY_MODEL = "*";

  /** Checks the bounds and copies the collections. */
  public ProviderSetting {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(retries, "retries");
    Objects.requireNonNull(controls, "controls");
    settings = Map.copyOf(settings);
    keys = List.copyOf(keys);
    models = List.copyOf(models);
    prices = Map.copyOf(prices);
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight must be at least 1, is " + maxInFlight);
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be more than 0, is " + timeout);
    }
    if (keyRecovery.isNegative()) {
      throw new IllegalArgumentException("keyRecovery must not be negative, is " + keyRecovery);
    }
    checkKeyNames(keys);
  }

  /** A provider of a type with every option at its default and no keys. */
  public static ProviderSetting of(String type) {
    return new ProviderSetting(
        type,
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        1_000,
        Duration.ofSeconds(60),
        RetrySetting.defaults(),
        Duration.ofMinutes(5),
        CallControls.defaults());
  }

  /** This provider with other settings of its implementation. */
  public ProviderSetting withSettings(Map<String, Object> replacement) {
    return changed(draft -> draft.settings = replacement);
  }

  /** This provider with other keys. */
  public ProviderSetting withKeys(List<ApiKeySetting> replacement) {
    return changed(draft -> draft.keys = replacement);
  }

  /** This provider with other models. */
  public ProviderSetting withModels(List<String> replacement) {
    return changed(draft -> draft.models = replacement);
  }

  /** This provider with other prices. */
  public ProviderSetting withPrices(Map<String, TokenPrice> replacement) {
    return changed(draft -> draft.prices = replacement);
  }

  /** This provider with another bound on calls at once. */
  public ProviderSetting withMaxInFlight(int replacement) {
    return changed(draft -> draft.maxInFlight = replacement);
  }

  /** This provider with another time-out. */
  public ProviderSetting withTimeout(Duration replacement) {
    return changed(draft -> draft.timeout = replacement);
  }

  /** This provider with other retries. */
  public ProviderSetting withRetries(RetrySetting replacement) {
    return changed(draft -> draft.retries = replacement);
  }

  /** This provider with other controls. */
  public ProviderSetting withControls(CallControls replacement) {
    return changed(draft -> draft.controls = replacement);
  }

  private ProviderSetting changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.setting();
  }

  /** The most one call to a model may take. */
  Duration timeoutOf(String model) {
    return controls.timeouts().getOrDefault(model, timeout);
  }

  /** What a model's tokens cost; null where nobody has said. */
  @Nullable TokenPrice priceOf(String model) {
    TokenPrice own = prices.get(model);
    return own == null ? prices.get(ANY_MODEL) : own;
  }

  /** Leaves out the values of settings: a header among them may be a secret. */
  @Override
  public String toString() {
    return "ProviderSetting[type=%s, settings=%s, keys=%s, models=%s, maxInFlight=%d, timeout=%s]"
        .formatted(type, settings.keySet(), keys, models, maxInFlight, timeout);
  }

  private static void checkKeyNames(List<ApiKeySetting> keys) {
    Set<String> names = new HashSet<>();
    for (ApiKeySetting key : keys) {
      if (!names.add(key.name())) {
        throw new IllegalArgumentException("two keys are named " + key.name());
      }
    }
  }

  /** A setting on its way to become another, so that each field is copied in one place. */
  private static final class Draft {

    private final String type;
    private final Duration keyRecovery;
    private Map<String, Object> settings;
    private List<ApiKeySetting> keys;
    private List<String> models;
    private Map<String, TokenPrice> prices;
    private int maxInFlight;
    private Duration timeout;
    private RetrySetting retries;
    private CallControls controls;

    private Draft(ProviderSetting from) {
      type = from.type;
      keyRecovery = from.keyRecovery;
      settings = from.settings;
      keys = from.keys;
      models = from.models;
      prices = from.prices;
      maxInFlight = from.maxInFlight;
      timeout = from.timeout;
      retries = from.retries;
      controls = from.controls;
    }

    private ProviderSetting setting() {
      return new ProviderSetting(
          type,
          settings,
          keys,
          models,
          prices,
          maxInFlight,
          timeout,
          retries,
          keyRecovery,
          controls);
    }
  }
}
