package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a provider that nobody calls, or that is not well, and tells what it found as a call
 * of its own. Several processes may do so at once: that is a few requests more and nothing else.
 * Runs until it is interrupted.
 */
final class HealthProbe implements Runnable {

  /** How often it looks whether it is time. */
  static final Duration TICK = Duration.ofSeconds(1);

  /** The most keys tried in one look: the provider is well if it takes one of them. */
  static final int MAX_KEYS = 3;

  /** Waits differ by up to this share, so that processes do not ask all at once. */
  static final double JITTER = 0.2;

  private static final Logger LOG = LoggerFactory.getLogger(HealthProbe.class);

  private final String name;
  private final Provider provider;
  private final List<@Nullable String> keys;
  private final HealthSetting setting;
  private final ProbedCalls calls;
  private final ExecutorService threads;
  private final TimeSource time;
  private final DoubleSupplier random;
  private long seenCalls;
  private long dueNanos;
  private boolean failing;
  private boolean unsupported;

  /**
   * What is known of the provider otherwise, and who is told.
   *
   * @param made how many calls there have been in this process
   * @param unwell whether a model of the provider is known to be down, or to recover
   * @param found takes what a look came to
   */
  record ProbedCalls(LongSupplier made, BooleanSupplier unwell, Consumer<CallTrace> found) {}

  HealthProbe(
      String name,
      Provider provider,
      List<ApiKeySetting> keys,
      HealthSetting setting,
      ProbedCalls calls,
      ExecutorService threads,
      TimeSource time,
      DoubleSupplier random) {
    this.name = name;
    this.provider = provider;
    this.keys = secrets(keys);
    this.setting = setting;
    this.calls = calls;
    this.threads = threads;
    this.time = time;
    this.random = random;
    this.dueNanos = time.nanoTime() + jittered(setting.idleAfter());
  }

  @Override
  public void run() {
    try {
      while (!unsupported) {
        time.sleep(TICK);
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("provider {} is not looked after any more", name, e);
    }
  }

  /** Looks if it is time to. */
  void step() throws InterruptedException {
    long now = time.nanoTime();
    long made = calls.made().getAsLong();
    if (made != seenCalls) {
      seenCalls = made;
      failing = false;
      dueNanos = now + jittered(setting.idleAfter());
    }
    boolean unwell = failing || calls.unwell().getAsBoolean();
    long latestNanos = now + jittered(setting.interval());
    if (unwell && dueNanos - latestNanos > 0) {
      dueNanos = latestNanos;
    }
    if (now - dueNanos >= 0) {
      look();
      dueNanos = time.nanoTime() + jittered(failing ? setting.interval() : setting.idleAfter());
    }
  }

  private void look() throws InterruptedException {
    Instant startedAt = time.now();
    long startedNanos = time.nanoTime();
    Look look = new Look(false, ErrorCode.UPSTREAM_ERROR);
    for (String key : keys) {
      look = look(key);
      if (unsupported) {
        return;
      }
      if (look.healthy()) {
        break;
      }
    }
    failing = !look.healthy();
    long micros = (time.nanoTime() - startedNanos) / 1_000;
    String code = failing ? look.code().wireName() : null;
    calls.found().accept(new CallTrace(1, null, startedAt, micros, null, code, null, 0));
  }

  private Look look(@Nullable String key) throws InterruptedException {
    Callable<Optional<HealthReport>> call =
        () -> provider.checkHealth(new HealthRequest(key, setting.timeout()));
    Future<Optional<HealthReport>> answer = threads.submit(call);
    try {
      Optional<HealthReport> report =
          answer.get(setting.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
      unsupported = report.isEmpty();
      return new Look(report.map(HealthReport::healthy).orElse(false), ErrorCode.UPSTREAM_ERROR);
    } catch (TimeoutException e) {
      return new Look(false, ErrorCode.UPSTREAM_UNREACHABLE);
    } catch (ExecutionException e) {
      // The message may hold a secret.
      LOG.warn("looking after provider {} failed with {}", name, kind(e));
      return new Look(false, ErrorCode.UPSTREAM_UNREACHABLE);
    } finally {
      answer.cancel(true);
    }
  }

  /** The class of what was thrown. */
  static String kind(ExecutionException e) {
    return (e.getCause() == null ? e : e.getCause()).getClass().getName();
  }

  private long jittered(Duration duration) {
    return jittered(duration, random).toNanos();
  }

  /** A little shorter or longer. */
  static Duration jittered(Duration duration, DoubleSupplier random) {
    double factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
    return Duration.ofNanos((long) (duration.toNanos() * factor));
  }

  /** The keys that are tried; one that is none where there are none. */
  static List<@Nullable String> secrets(List<ApiKeySetting> keys) {
    List<@Nullable String> secrets = new ArrayList<>();
    keys.stream().limit(MAX_KEYS).forEach(key -> secrets.add(key.value()));
    if (secrets.isEmpty()) {
      secrets.add(null);
    }
    return secrets;
  }

  /** What came of asking with one key. */
  private record Look(boolean healthy, ErrorCode code) {}
}
