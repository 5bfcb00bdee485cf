package io.millrace.workers;

import io.millrace.schemas.kafka.PacedProducer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What workers run with. Immutable.
 *
 * @param providers by configured name; each has its own consumer group and topics
 * @param workerId names this process in call records; unique among the workers of a provider
 * @param interactiveReservePercent how much of a provider's {@code maxInFlight} other lanes leave
 *     to the interactive one, 0 to 90
 * @param commitInterval the least time between two commits of a provider's progress
 * @param revocationGrace how long a partition that moves away is held for its calls in flight
 * @param drainTimeout how long {@code close} waits for calls in flight
 * @param maxPollRecords the most records taken from the broker at once, at least 1
 * @param dedupEntries how many finished attempts a process remembers for each provider, at least 1
 * @param maxMetadataCharacters the broker's {@code offset.metadata.max.bytes}; at least 64
 * @param producerLinger how long an outcome waits for company on its way out while many come, see
 *     {@link PacedProducer}
 * @param discovering the providers that are asked for their models, for routing to know them
 */
public record ProviderWorkersConfig(
    Map<String, ProviderSetting> providers,
    String workerId,
    int interactiveReservePercent,
    Duration commitInterval,
    Duration revocationGrace,
    Duration drainTimeout,
    int maxPollRecords,
    int dedupEntries,
    int maxMetadataCharacters,
    Duration producerLinger,
    Set<String> discovering) {

  /** Checks the bounds and copies the map. */
  public ProviderWorkersConfig {
    providers = Map.copyOf(providers);
    discovering = Set.copyOf(discovering);
    if (providers.isEmpty()) {
      throw new IllegalArgumentException("providers must not be empty: name at least one");
    }
    if (workerId.isBlank()) {
      throw new IllegalArgumentException("workerId must not be blank");
    }
    requireBetween("interactiveReservePercent", interactiveReservePercent, 0, 90);
    requireBetween("maxPollRecords", maxPollRecords, 1, 100_000);
    requireBetween("dedupEntries", dedupEntries, 1, 10_000_000);
    requireBetween("maxMetadataCharacters", maxMetadataCharacters, 64, 1 << 20);
    requireNotNegative("commitInterval", commitInterval);
    requireNotNegative("revocationGrace", revocationGrace);
    requireNotNegative("drainTimeout", drainTimeout);
    requireNotNegative("producerLinger", producerLinger);
  }

  /** One simulated provider named {@code simulated}, everything else at its default. */
  public static ProviderWorkersConfig defaults() {
    return new ProviderWorkersConfig(
        Map.of("simulated", ProviderSetting.of("simulated")),
        "worker-" + ProcessHandle.current().pid(),
        10,
        Duration.ofMillis(50),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        500,
        50_000,
        4_096,
        Duration.ofMillis(PacedProducer.LINGER_MILLIS),
        Set.of());
  }

  /** This configuration with other providers. */
  public ProviderWorkersConfig withProviders(Map<String, ProviderSetting> replacement) {
    return with(
        replacement,
        workerId,
        interactiveReservePercent,
        revocationGrace,
        drainTimeout,
        maxMetadataCharacters);
  }

  /** This configuration with other providers that are asked for their models. */
  public ProviderWorkersConfig withDiscovery(Set<String> replacement) {
    return new ProviderWorkersConfig(
        providers,
        workerId,
        interactiveReservePercent,
        commitInterval,
        revocationGrace,
        drainTimeout,
        maxPollRecords,
        dedupEntries,
        maxMetadataCharacters,
        producerLinger,
        replacement);
  }

  /** This configuration under another worker id. */
  public ProviderWorkersConfig withWorkerId(String replacement) {
    return with(
        providers,
        replacement,
        interactiveReservePercent,
        revocationGrace,
        drainTimeout,
        maxMetadataCharacters);
  }

  /** This configuration with other waits when a partition moves away and on closing. */
  public ProviderWorkersConfig withGrace(Duration revocation, Duration drain) {
    return with(
        providers, workerId, interactiveReservePercent, revocation, drain, maxMetadataCharacters);
  }

  /** This configuration with another wait on closing. */
  public ProviderWorkersConfig withDrainTimeout(Duration replacement) {
    return withGrace(revocationGrace, replacement);
  }

  /** This configuration with another reserve for the interactive lane, 0 to 90. */
  public ProviderWorkersConfig withInteractiveReserve(int percent) {
    return with(providers, workerId, percent, revocationGrace, drainTimeout, maxMetadataCharacters);
  }

  /** This configuration with another bound on commit metadata. */
  public ProviderWorkersConfig withMaxMetadataCharacters(int replacement) {
    return with(
        providers, workerId, interactiveReservePercent, revocationGrace, drainTimeout, replacement);
  }

  private ProviderWorkersConfig with(
      Map<String, ProviderSetting> otherProviders,
      String otherWorkerId,
      int otherReservePercent,
      Duration otherGrace,
      Duration otherDrain,
      int otherMetadataCharacters) {
    return new ProviderWorkersConfig(
        otherProviders,
        otherWorkerId,
        otherReservePercent,
        commitInterval,
        otherGrace,
        otherDrain,
        maxPollRecords,
        dedupEntries,
        otherMetadataCharacters,
        producerLinger,
        discovering);
  }

  private static void requireBetween(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, is %d".formatted(name, min, max, value));
    }
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, is " + value);
    }
  }
}
