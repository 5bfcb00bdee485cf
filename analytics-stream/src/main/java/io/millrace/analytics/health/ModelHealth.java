package io.millrace.analytics.health;

import io.millrace.analytics.health.RecentFigures.Sums;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.ProviderHealth;
import java.util.Objects;

/**
 * What is known of one model of a provider: its recent calls and the judgement on it. Not
 * thread-safe, but for {@link #published()}.
 */
final class ModelHealth {

  private final String provider;
  private final String model;
  private final RecentFigures figures;
  private Fitness fitness;
  private long lastCallMillis;
  private boolean unsaved;
  private volatile ProviderHealth published;

  ModelHealth(String provider, String model, RecentFigures figures, Fitness fitness, long now) {
    this.provider = provider;
    this.model = model;
    this.figures = figures;
    this.fitness = fitness;
    this.lastCallMillis = now;
    this.published = record(now);
  }

  /** A model never seen before. */
  static ModelHealth unknown(String provider, String model, long nowMillis) {
    return new ModelHealth(
        provider, model, new RecentFigures(), Fitness.unknown(nowMillis), nowMillis);
  }

  String provider() {
    return provider;
  }

  String model() {
    return model;
  }

  Fitness fitness() {
    return fitness;
  }

  RecentFigures figures() {
    return figures;
  }

  /**
   * Takes a call in.
   *
   * @param probe nobody's call but a look after the provider: no part of the figures
   * @return whether the state or the share changed
   */
  boolean add(
      HealthRules rules,
      Finding finding,
      boolean probe,
      long startedAtMillis,
      long latencyMicros,
      long nowMillis) {
    unsaved = true;
    if (probe) {
      fitness = fitness.lookedAt(nowMillis);
    } else {
      lastCallMillis = nowMillis;
      figures.add(finding, latencyMicros, nowMillis);
    }
    return judged(
        rules.after(fitness, finding, startedAtMillis, figures.counts(nowMillis), nowMillis),
        nowMillis);
  }

  /** Lets time pass; whether the state or the share changed. */
  boolean pass(HealthRules rules, long nowMillis) {
    return judged(rules.at(fitness, figures.counts(nowMillis), nowMillis), nowMillis);
  }

  private boolean judged(Fitness next, long nowMillis) {
    Fitness before = fitness;
    fitness = next;
    boolean changed = before.state() != next.state() || before.admitShare() != next.admitShare();
    if (changed) {
      unsaved = true;
      if (next.state() == HealthState.RECOVERING && before.state() == HealthState.DOWN) {
        // What it did before it went down says nothing of how it does now.
        figures.clear();
      }
    }
    return changed;
  }

  /** Works the record out; whether it says anything else than the one before. */
  boolean refresh(long nowMillis) {
    ProviderHealth next = record(nowMillis);
    ProviderHealth before = published;
    next.setAtMillis(before.getAtMillis());
    if (next.equals(before)) {
      return false;
    }
    next.setAtMillis(nowMillis);
    published = next;
    return true;
  }

  /** The record as it was worked out last; not to be changed. Thread-safe. */
  ProviderHealth published() {
    return Objects.requireNonNull(published);
  }

  /** Whether there is something to save; asks once. */
  boolean takeUnsaved() {
    boolean taken = unsaved;
    unsaved = false;
    return taken;
  }

  /** How long nobody has called it, in milliseconds. */
  long idleMillis(long nowMillis) {
    return nowMillis - lastCallMillis;
  }

  private ProviderHealth record(long nowMillis) {
    Sums sums = figures.sums(nowMillis);
    return ProviderHealth.newBuilder()
        .setProvider(provider)
        .setModel(model)
        .setState(fitness.state())
        .setAdmitShare(fitness.admitShare())
        .setSuccessRate(sums.successRate())
        .setCalls(sums.judged())
        .setConsecutiveFailures(fitness.failures())
        .setLatencyP50Micros(sums.p50Micros())
        .setLatencyP95Micros(sums.p95Micros())
        .setLatencyRecentMeanMicros(sums.recentMeanMicros())
        .setLoad(Math.round(sums.load() * 100) / 100.0)
        .setReason(fitness.reason())
        .setSinceMillis(fitness.sinceMillis())
        .setAtMillis(nowMillis)
        .build();
  }
}
