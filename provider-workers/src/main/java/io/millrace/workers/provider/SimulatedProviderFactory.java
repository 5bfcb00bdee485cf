package io.millrace.workers.provider;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.InstantSource;
import java.util.Map;

/**
 * Creates providers of type {@code simulated}: no network, no model, no cost, and every fault a
 * real provider shows. Settings are the components of {@link SimulatedSettings}.
 */
public final class SimulatedProviderFactory implements ProviderFactory {

  /** For the service loader. */
  public SimulatedProviderFactory() {}

  @Override
  public String type() {
    return "simulated";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return new SimulatedProvider(
        SimulatedSettings.of(settings), Thread::sleep, InstantSource.system());
  }
}
