package io.millrace.workers.gate;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Stops the calls to a model that fails, tries it now and then with a single call, and lets the
 * calls come back by degrees: CLOSED, OPEN for a growing while, HALF_OPEN with one probe at a time,
 * RECOVERING with a share of the calls, CLOSED.
 *
 * <p>A call counts for the state in which it was let through: what was begun before the circuit
 * opened cannot close it or open it again. Failures are in a row when no call that began after them
 * has succeeded: of calls side by side the slow ones end last, and those that hang end last of all,
 * so the order of their ends would find a model dead that answers. Time is that of {@link
 * System#nanoTime}. Thread-safe.
 */
public final class Circuit {

  /** The shares of the calls that pass while it recovers, one step after the other. */
  private static final double[] SHARES = {0.1, 0.25, 0.5};

  /** So many failures in a row end a recovery. */
  private static final int FAILURES_IN_RECOVERY = 3;

  /** When to ask again while a probe is under way: nobody knows how long it takes. */
  private static final long PROBE_RECHECK_NANOS = Duration.ofMillis(250).toNanos();

  private static final double JITTER = 0.2;
  private static final int MAX_DOUBLINGS = 30;

  private final CircuitSetting setting;
  private final DoubleSupplier random;
  private final SlidingCounts counts;

  /** Written under the lock. */
  private volatile State state = State.CLOSED;

  private long generation;
  private int consecutive;
  private long admitted;
  private long latestSuccess = -1;
  private int opensInARow;
  private long opened;
  private long openUntilNanos;
  private boolean probing;
  private int step;
  private long stepUntilNanos;

  /** Where it is in its cycle. */
  public enum State {
    /** All calls pass. */
    CLOSED,
    /** None passes. */
    OPEN,
    /** One passes at a time. */
    HALF_OPEN,
    /** A share of them passes. */
    RECOVERING
  }

  /**
   * A closed circuit.
   *
   * @param random values from 0 inclusive to 1 exclusive
   */
  public Circuit(CircuitSetting setting, DoubleSupplier random) {
    this.setting = setting;
    this.random = random;
    this.counts = new SlidingCounts(setting.window());
  }

  /**
   * Asks to make a call.
   *
   * @param place where the call stands among all, from 0 inclusive to 1 exclusive: it passes where
   *     that is below the share in force
   * @param maxShare the most that may pass, as somebody else has found; 1 leaves it to this circuit
   * @param alone whether no other call to the model is under way: then it passes whatever the
   *     share, so that a model with little traffic recovers too
   */
  public synchronized Verdict admit(double place, double maxShare, boolean alone, long nowNanos) {
    if (!setting.enabled()) {
      return letThrough();
    }
    advance(nowNanos);
    return switch (state) {
      case OPEN -> new Verdict.Refused(openUntilNanos - nowNanos);
      case HALF_OPEN -> probe();
      case CLOSED, RECOVERING -> {
        boolean passes = alone || place < Math.min(share(), maxShare);
        yield passes ? letThrough() : new Verdict.Refused(untilNextStep(nowNanos));
      }
    };
  }

  /**
   * Hears how a call ended that was let through; to be called once for each.
   *
   * @return whether that has opened it
   */
  public synchronized boolean ended(Verdict.Admitted call, Signal signal, long nowNanos) {
    if (!setting.enabled() || call.generation() != generation) {
      return false;
    }
    long before = opened;
    switch (state) {
      case HALF_OPEN -> endProbe(signal, nowNanos);
      case CLOSED, RECOVERING -> count(call, signal, nowNanos);
      case OPEN -> throw new IllegalStateException("nothing is let through while it is open");
    }
    return opened > before;
  }

  /**
   * Others have found the model to be down: opens, if it is not open anyway.
   *
   * @param ageNanos how long ago they did; the first probe is due that much earlier
   * @return whether that has opened it
   */
  public synchronized boolean openElsewhere(long ageNanos, long nowNanos) {
    if (!setting.enabled() || state == State.OPEN || state == State.HALF_OPEN) {
      return false;
    }
    open(nowNanos);
    openUntilNanos -= Math.clamp(ageNanos, 0, openUntilNanos - nowNanos);
    return true;
  }

  /** Others have found the model to be up: the next call is the probe. */
  public synchronized void recoveredElsewhere(long nowNanos) {
    if (state == State.OPEN) {
      openUntilNanos = nowNanos;
    }
  }

  /** Where it was when it was last asked; does not wait. */
  public State latest() {
    return state;
  }

  /** Where it is now. */
  public synchronized State state(long nowNanos) {
    advance(nowNanos);
    return state;
  }

  /** The share of calls that pass now, 0 to 1; a probe is no share. */
  public synchronized double share(long nowNanos) {
    advance(nowNanos);
    return share();
  }

  /** For how long it lets nothing through, in nanoseconds; 0 when it may let something through. */
  public synchronized long closedForNanos(long nowNanos) {
    advance(nowNanos);
    return state == State.OPEN ? openUntilNanos - nowNanos : 0;
  }

  /** What time alone changes. A step is taken by a call, so that idle time skips none. */
  private void advance(long nowNanos) {
    if (state == State.OPEN && nowNanos - openUntilNanos >= 0) {
      enter(State.HALF_OPEN);
      probing = false;
    } else if (state == State.RECOVERING && nowNanos - stepUntilNanos >= 0) {
      step++;
      stepUntilNanos = nowNanos + setting.recoveryStep().toNanos();
      if (step >= SHARES.length) {
        state = State.CLOSED;
        opensInARow = 0;
      }
    }
  }

  private Verdict probe() {
    if (probing) {
      return new Verdict.Refused(PROBE_RECHECK_NANOS);
    }
    probing = true;
    return letThrough();
  }

  private Verdict letThrough() {
    return new Verdict.Admitted(generation, admitted++);
  }

  private void endProbe(Signal signal, long nowNanos) {
    probing = false;
    switch (signal) {
      case SUCCESS, REFUSAL -> recover(nowNanos);
      case FAULT -> open(nowNanos);
      case NOTHING -> {}
    }
  }

  private void count(Verdict.Admitted call, Signal signal, long nowNanos) {
    switch (signal) {
      case SUCCESS -> {
        if (call.number() > latestSuccess) {
          latestSuccess = call.number();
          consecutive = 0;
        }
        counts.addFirst(nowNanos);
      }
      case FAULT -> {
        consecutive += call.number() > latestSuccess ? 1 : 0;
        counts.addSecond(nowNanos);
        if (tooManyFaults(nowNanos)) {
          open(nowNanos);
        }
      }
      case REFUSAL, NOTHING -> {}
    }
  }

  private boolean tooManyFaults(long nowNanos) {
    int allowed = setting.consecutiveFailures();
    if (state == State.RECOVERING) {
      allowed = Math.min(allowed, FAILURES_IN_RECOVERY);
    }
    long faults = counts.seconds(nowNanos);
    long calls = faults + counts.firsts(nowNanos);
    return consecutive >= allowed
        || (calls >= setting.minCalls() && faults >= setting.failureRate() * calls);
  }

  private void open(long nowNanos) {
    enter(State.OPEN);
    opened++;
    double wait =
        Math.min(
            (double) setting.maxOpenFor().toNanos(),
            setting.openFor().toNanos() * (double) (1L << Math.min(opensInARow, MAX_DOUBLINGS)));
    opensInARow++;
    wait *= 1 - JITTER + 2 * JITTER * random.getAsDouble();
    openUntilNanos = nowNanos + Math.max(1, (long) wait);
  }

  private void recover(long nowNanos) {
    enter(State.RECOVERING);
    step = 0;
    stepUntilNanos = nowNanos + setting.recoveryStep().toNanos();
  }

  private void enter(State next) {
    state = next;
    generation++;
    consecutive = 0;
    counts.clear();
  }

  private double share() {
    return switch (state) {
      case CLOSED -> 1;
      case RECOVERING -> SHARES[step];
      case OPEN, HALF_OPEN -> 0;
    };
  }

  private long untilNextStep(long nowNanos) {
    return state == State.RECOVERING
        ? Math.max(1, stepUntilNanos - nowNanos)
        : setting.recoveryStep().toNanos();
  }
}
