package io.millrace.schemas.health;

import io.millrace.schemas.avro.ProviderHealth;
import java.util.Optional;

/** What is known of the health of providers. Thread-safe; looking up never waits. */
@FunctionalInterface
public interface ProviderHealthView {

  /** Nothing is known of any. */
  ProviderHealthView UNKNOWN = (provider, model) -> Optional.empty();

  /** The last known health of a model; empty when nothing is known. The record is not changed. */
  Optional<ProviderHealth> of(String provider, String model);
}
