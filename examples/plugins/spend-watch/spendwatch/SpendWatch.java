package spendwatch;

import io.millrace.plugin.monitor.MetricWindow;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.plugin.monitor.MonitorContext;
import io.millrace.plugin.monitor.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Watches what each tenant spent in the last hour. Called by one thread at a time. */
final class SpendWatch implements Monitor {

  private static final Duration PERIOD = Duration.ofHours(1);
  private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(30);
  private static final double NANOS_PER_USD = 1e9;

  /** Further tenants are not watched. */
  private static final int MAX_TENANTS = 5_000;

  private final Threshold threshold;
  private final Map<String, Deque<Spent>> tenants = new HashMap<>();

  SpendWatch(Threshold threshold) {
    this.threshold = threshold;
  }

  @Override
  public void onWindow(MetricWindow window, MonitorContext context) {
    if (tenants.containsKey(window.tenant()) || tenants.size() < MAX_TENANTS) {
      tenants
          .computeIfAbsent(window.tenant(), tenant -> new ArrayDeque<>())
          .add(new Spent(window.end(), window.costNanos()));
      report(window.tenant(), context);
    }
  }

  @Override
  public Duration sampleInterval() {
    return SAMPLE_INTERVAL;
  }

  /** Lets figures fall as time passes, also while nobody calls. */
  @Override
  public void sample(MonitorContext context) {
    tenants.keySet().forEach(tenant -> report(tenant, context));
    tenants.values().removeIf(Deque::isEmpty);
  }

  private void report(String tenant, MonitorContext context) {
    Deque<Spent> spent = tenants.getOrDefault(tenant, new ArrayDeque<>());
    spent.removeIf(past -> past.at().isBefore(context.now().minus(PERIOD)));
    double usd = spent.stream().mapToLong(Spent::nanos).sum() / NANOS_PER_USD;
    context.report("spent_hour_usd", "tenant=" + tenant, usd, threshold);
  }

  private record Spent(Instant at, long nanos) {}
}
