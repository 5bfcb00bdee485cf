package io.millrace.launcher.config;

import io.millrace.workers.gate.CircuitSetting.OnOpen;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code providers}. Holds secrets.
 *
 * @param models names of models
 * @param modelInfos what the list of models says of some of them, by name, gathered here
 * @param discoverModels whether the provider is asked for its models
 * @param settings the keys that only its type knows, gathered here
 */
public record ProviderSection(
    String type,
    boolean enabled,
    int priority,
    double weight,
    List<String> models,
    Map<String, ModelSection> modelInfos,
    boolean discoverModels,
    List<KeySection> keys,
    Map<String, PriceSection> prices,
    int maxInFlight,
    Duration timeout,
    RetrySection retries,
    Duration keyRecovery,
    Map<String, Duration> timeouts,
    CircuitSection circuit,
    ConcurrencySection concurrency,
    HedgeSection hedge,
    Map<String, Object> settings) {
  /** The type of the provider that needs no network and no key. */
  public static final String SIMULATED = "simulated";

  /** Without settings: a header among them may be a secret. */
  @Override
  public String toString() {
    return "ProviderSection[type=" + type + ", models=" + models + ", keys=" + keys + "]";
  }

  /** One entry of {@code providers.<name>.keys}; holds a secret. */
  public record KeySection(
      @Nullable String name, String value, List<String> models, double weight) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "KeySection[name=" + name + ", models=" + models + ", weight=" + weight + "]";
    }
  }

  /** One entry of {@code providers.<name>.prices}, in US dollars for a million tokens. */
  public record PriceSection(double input, double output, @Nullable Double cachedInput) {}

  /** One entry of {@code providers.<name>.models} that says more than a name. */
  public record ModelSection(
      String name,
      boolean enabled,
      boolean blocked,
      boolean streaming,
      boolean vision,
      Set<String> domains,
      @Nullable Double accuracy,
      @Nullable Double accuracyThreshold,
      @Nullable Duration latency,
      @Nullable Duration latencyThreshold,
      @Nullable Long maxTokens,
      @Nullable Long maxInputTokens,
      @Nullable Long maxOutputTokens,
      @Nullable Long requestsPerMinute,
      @Nullable Integer concurrency,
      @Nullable Double parametersBillions,
      @Nullable PriceSection price) {}

  /** Section {@code providers.<name>.retries}. */
  public record RetrySection(
      int max, Duration initialBackoff, Duration maxBackoff, BudgetSection budget) {}

  /** Section {@code providers.<name>.retries.budget}. */
  public record BudgetSection(double share, int minPerSecond) {}

  /** Section {@code providers.<name>.circuit}. */
  public record CircuitSection(
      boolean enabled,
      double failureRate,
      int minCalls,
      int consecutiveFailures,
      Duration window,
      Duration openFor,
      Duration maxOpenFor,
      Duration recoveryStep,
      OnOpen onOpen,
      Duration maxWait) {}

  /** Section {@code providers.<name>.concurrency}. */
  public record ConcurrencySection(boolean adaptive) {}

  /**
   * Section {@code providers.<name>.hedge}.
   *
   * @param after a duration, or {@code p95}
   */
  public record HedgeSection(boolean enabled, String after, double maxShare) {}
}
