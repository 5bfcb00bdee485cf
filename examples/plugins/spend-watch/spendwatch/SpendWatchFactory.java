package spendwatch;

import io.millrace.plugin.monitor.Monitor;
import io.millrace.plugin.monitor.MonitorFactory;
import io.millrace.plugin.monitor.Threshold;
import java.util.Map;

/** Creates the monitor {@code spend-watch}. */
public final class SpendWatchFactory implements MonitorFactory {

  @Override
  public String name() {
    return "spend-watch";
  }

  @Override
  public String description() {
    return "Raises an alert when a tenant spends too much within an hour.";
  }

  @Override
  public String configSchema() {
    return """
    {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "warning_usd": {"type": "number", "minimum": 0, "default": 10},
        "critical_usd": {"type": "number", "minimum": 0, "default": 50}
      }
    }
    """;
  }

  @Override
  public Monitor create(Map<String, Object> config) {
    return new SpendWatch(
        new Threshold(number(config, "warning_usd"), number(config, "critical_usd")));
  }

  private static double number(Map<String, Object> config, String key) {
    return ((Number) config.get(key)).doubleValue();
  }
}
