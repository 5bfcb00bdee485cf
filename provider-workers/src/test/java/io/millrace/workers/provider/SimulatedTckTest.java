package io.millrace.workers.provider;

import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.tck.ProviderTck;
import java.util.List;
import java.util.Map;

class SimulatedTckTest extends ProviderTck {

  @Override
  protected ProviderFactory factory() {
    return new SimulatedProviderFactory();
  }

  @Override
  protected List<Map<String, Object>> settings() {
    return List.of(
        Map.of("latency_ms", 0),
        Map.of("latency_ms", 0, "tokens_per_second", 1_000_000, "seed", 7),
        Map.of("latency_ms", 0, "error_rate", 1));
  }
}
