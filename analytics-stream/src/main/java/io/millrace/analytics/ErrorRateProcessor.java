package io.millrace.analytics;

import io.millrace.analytics.AnalyticsConfig.ErrorRateSettings;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.ProviderCall;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Counts each provider's recent calls, and at an interval judges them by the rule. */
final class ErrorRateProcessor extends ContextualProcessor<String, ProviderCall, String, Alert> {

  /** The most providers watched at once; one is forgotten a window after its last call. */
  static final int MAX_PROVIDERS = 1_000;

  private final ErrorRateSettings settings;
  private final Duration idleAfter;
  private final ErrorRateRule rule;
  private final AnalyticsMeters meters;
  private final Set<String> watched = new HashSet<>();
  private KeyValueStore<String, WatchedRate> rates;
  private Watermark watermark;

  ErrorRateProcessor(ErrorRateSettings settings, Duration idleAfter, AnalyticsMeters meters) {
    this.settings = settings;
    this.idleAfter = idleAfter;
    this.rule = new ErrorRateRule(settings);
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<String, Alert> context) {
    super.init(context);
    rates = context.getStateStore(AnalyticsTopology.ERROR_RATE_STORE);
    KeyValueStore<String, Long> clock = context.getStateStore(AnalyticsTopology.CLOCK_STORE);
    watermark = EventClock.restore(clock, idleAfter, context.currentSystemTimeMs());
    try (var stored = rates.all()) {
      stored.forEachRemaining(entry -> watched.add(entry.key));
    }
    context.schedule(
        settings.evaluationInterval(), PunctuationType.WALL_CLOCK_TIME, this::evaluate);
  }

  @Override
  public void process(Record<String, ProviderCall> record) {
    watermark.observe(record.timestamp(), context().currentSystemTimeMs());
    String provider = record.key();
    if (!watched.contains(provider) && watched.size() >= MAX_PROVIDERS) {
      meters.countSubjectRefused();
      return;
    }
    watched.add(provider);
    WatchedRate rate = load(provider);
    boolean failed = record.value().getErrorCode() != null;
    RecentCalls recent =
        rate.recent().with(record.timestamp(), failed, settings.window().toMillis());
    rates.put(provider, new WatchedRate(recent, rate.alert()));
  }

  private void evaluate(long now) {
    long eventNow = watermark.at(now);
    for (String provider : List.copyOf(watched)) {
      WatchedRate rate = load(provider);
      ErrorRateRule.Verdict verdict = rule.judge(provider, rate, eventNow);
      verdict
          .alert()
          .ifPresent(
              alert -> context().forward(new Record<>(ErrorRateRule.keyOf(provider), alert, now)));
      remember(provider, rate, verdict.rate(), eventNow);
    }
  }

  private void remember(String provider, WatchedRate before, WatchedRate after, long eventNow) {
    if (rule.forgettable(after, eventNow)) {
      rates.delete(provider);
      watched.remove(provider);
    } else if (!after.equals(before)) {
      rates.put(provider, after);
    }
  }

  private WatchedRate load(String provider) {
    WatchedRate stored = rates.get(provider);
    return stored == null ? WatchedRate.NEW : stored;
  }
}
