package io.millrace.plugin.model;

/**
 * A provider and one of its models: what an attempt aims at.
 *
 * @param provider the provider's configured name
 * @param model the model as the provider names it
 */
public record Target(String provider, String model) {

  /** {@code provider/model}. */
  @Override
  public String toString() {
    return provider + "/" + model;
  }
}
