package io.millrace.plugin.provider;

import io.millrace.plugin.model.TokenPrice;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model beforehand, by configuration or from its provider. Immutable. Null means
 * not known.
 *
 * @param name as its provider names it
 * @param enabled false: never chosen, and refused when asked for
 * @param blocked taken out of the rotation by an operator
 * @param streaming whether it can stream
 * @param vision whether it takes images
 * @param domains what it is good at: {@code code}, {@code maths}, {@code creative}, {@code
 *     business}, {@code general}; empty when it is not said
 * @param accuracy how good its answers are, 0 to 1
 * @param accuracyThreshold the least accuracy with which it may be chosen by cost, 0 to 1
 * @param latency what a call usually takes
 * @param latencyThreshold the most that its latency may be for it to be chosen by cost
 * @param maxTokens the most tokens of prompt and completion together
 * @param maxInputTokens the most tokens of a prompt
 * @param maxOutputTokens the most tokens of a completion
 * @param requestsPerMinute the provider's rate limit
 * @param concurrency the most calls at once
 * @param parametersBillions its size, in billions of parameters
 * @param price what its tokens cost
 */
public record ModelInfo(
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
    @Nullable TokenPrice price) {

  /** Copies the set. */
  public ModelInfo {
    Objects.requireNonNull(name, "name");
    domains = Set.copyOf(domains);
  }

  /** A model of which only the name is known: enabled, streaming, without vision. */
  public static ModelInfo of(String name) {
    return new ModelInfo(
        name, true, false, true, false, Set.of(), null, null, null, null, null, null, null, null,
        null, null, null);
  }

  /** A model of which only the price is known: it is taken to do everything. */
  public static ModelInfo priced(String name, @Nullable TokenPrice price) {
    return new ModelInfo(
        name, true, false, true, true, Set.of(), null, null, null, null, null, null, null, null,
        null, null, price);
  }

  /** This model at another price; null where that is not known. */
  public ModelInfo withPrice(@Nullable TokenPrice replacement) {
    return new ModelInfo(
        name,
        enabled,
        blocked,
        streaming,
        vision,
        domains,
        accuracy,
        accuracyThreshold,
        latency,
        latencyThreshold,
        maxTokens,
        maxInputTokens,
        maxOutputTokens,
        requestsPerMinute,
        concurrency,
        parametersBillions,
        replacement);
  }
}
