package io.millrace.workers;

import java.util.List;
import java.util.Objects;

/**
 * One key of a provider. Immutable.
 *
 * @param name what metrics and call records name it by; never the key itself
 * @param value the secret; in no message and not in {@link #toString()}
 * @param models the models it may be used for, as the provider names them; empty for all
 * @param weight its share of the calls relative to the other keys'; more than 0
 */
public record ApiKeySetting(String name, String value, List<String> models, double weight) {

  /** Checks the weight and copies the list. */
  public ApiKeySetting {
    Objects.requireNonNull(name, "name");
    if (value.isBlank()) {
      throw new IllegalArgumentException("key " + name + " is blank");
    }
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "key " + name + ": weight must be more than 0, is " + weight);
    }
    models = List.copyOf(models);
  }

  /** A key for all models, with weight 1. */
  public static ApiKeySetting of(String name, String value) {
    return new ApiKeySetting(name, value, List.of(), 1);
  }

  /** Whether it may be used for a model. */
  boolean allows(String model) {
    return models.isEmpty() || models.contains(model);
  }

  /** Hides the secret. */
  @Override
  public String toString() {
    return "ApiKeySetting[name=" + name + ", models=" + models + ", weight=" + weight + "]";
  }
}
