package io.millrace.plugins;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How targets have done in this process. Thread-safe. An attempt that ends elsewhere (after a
 * rebalance) counts as in flight until its deadline.
 */
final class TargetFigures {

  /** The most attempts that are watched at once; further ones count as ended at once. */
  private static final int MAX_IN_FLIGHT = 100_000;

  private final Map<Target, Figures> targets = new HashMap<>();
  private int watched;

  synchronized void begin(Target target, String attempt, Instant deadline, Instant now) {
    Figures figures = targets.computeIfAbsent(target, key -> new Figures());
    watched -= figures.expire(now);
    if (watched < MAX_IN_FLIGHT && figures.inFlight.put(attempt, deadline) == null) {
      watched++;
    }
  }

  synchronized void end(Target target, String attempt, Duration latency, boolean success) {
    Figures figures = targets.computeIfAbsent(target, key -> new Figures());
    if (figures.inFlight.remove(attempt) != null) {
      watched--;
    }
    figures.attempts++;
    figures.recent.addLast(new Attempt(latency, success));
    if (figures.recent.size() > Candidate.RECENT_ATTEMPTS) {
      figures.recent.removeFirst();
    }
  }

  synchronized Candidate of(Target target, Instant now) {
    Figures figures = targets.get(target);
    if (figures == null) {
      return Candidate.untried(target);
    }
    watched -= figures.expire(now);
    return figures.candidate(target);
  }

  private record Attempt(Duration latency, boolean success) {}

  private static final class Figures {

    private final Map<String, Instant> inFlight = new HashMap<>();
    private final Deque<Attempt> recent = new ArrayDeque<>();
    private long attempts;

    int expire(Instant now) {
      int before = inFlight.size();
      inFlight.values().removeIf(deadline -> deadline.isBefore(now));
      return before - inFlight.size();
    }

    Candidate candidate(Target target) {
      long successes = recent.stream().filter(Attempt::success).count();
      long meanNanos =
          (long) recent.stream().mapToLong(past -> past.latency().toNanos()).average().orElse(0);
      double rate = recent.isEmpty() ? 1 : (double) successes / recent.size();
      return new Candidate(target, inFlight.size(), attempts, rate, Duration.ofNanos(meanNanos));
    }
  }
}
