package echo;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/** Creates providers of type {@code echo}. Setting: {@code delay_ms}, 0 to 60,000. */
public final class EchoFactory implements ProviderFactory {

  private static final String DELAY = "delay_ms";
  private static final int MAX_DELAY_MILLIS = 60_000;

  @Override
  public String type() {
    return "echo";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    if (!Set.of(DELAY).containsAll(settings.keySet())) {
      throw new IllegalArgumentException(
          "unknown settings in " + settings.keySet() + "; known: " + DELAY);
    }
    if (settings.getOrDefault(DELAY, 0) instanceof Integer delay
        && delay >= 0
        && delay <= MAX_DELAY_MILLIS) {
      return new Echo(Duration.ofMillis(delay), InstantSource.system());
    }
    throw new IllegalArgumentException(
        "%s must be a whole number from 0 to %d, is '%s'"
            .formatted(DELAY, MAX_DELAY_MILLIS, settings.get(DELAY)));
  }
}
