package io.millrace.stages.routing;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the strategy, and keeps what goes wrong in it from everybody else. Thread-safe. */
final class Ranking implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ranking.class);
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int MAX_NOTE_CHARACTERS = 100;

  private final String name;
  private final RoutingStrategy strategy;
  private final RouteMeters meters;
  private final AtomicLong lastLogNanos = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NANOS);

  Ranking(String name, RoutingStrategy strategy, RouteMeters meters) {
    this.name = name;
    this.strategy = strategy;
    this.meters = meters;
  }

  String name() {
    return name;
  }

  /** The targets, best first; in the given order where the strategy fails. At least one. */
  List<Target> of(List<Assessment> usable, CompletionRequest request, RequestContext context) {
    List<Candidate> known = usable.stream().map(Assessment::candidate).toList();
    List<Target> given = known.stream().map(Candidate::target).toList();
    if (given.size() < 2) {
      return given;
    }
    try {
      Set<Target> ranked = new LinkedHashSet<>(strategy.rank(request, known, context));
      if (ranked.isEmpty() || !given.containsAll(ranked)) {
        throw new IllegalStateException(
            "a strategy ranks candidates only, at least one: %s were given, %s came back"
                .formatted(given, ranked));
      }
      return List.copyOf(ranked);
    } catch (Throwable e) { // a plugin may throw anything at all
      failed(e);
      return given;
    }
  }

  /** The assessments with what the strategy says of one of them, or of all usable ones. */
  List<Assessment> noted(
      List<Assessment> all, @Nullable Target one, CompletionRequest request, RouteQuestion asked) {
    return all.stream()
        .map(
            seen ->
                seen.usable() && (one == null || one.equals(seen.candidate().target()))
                    ? seen.withNote(note(seen.candidate(), request, asked.context()))
                    : seen)
        .toList();
  }

  private String note(Candidate candidate, CompletionRequest request, RequestContext context) {
    try {
      String note = strategy.explain(request, candidate, context);
      return note.length() <= MAX_NOTE_CHARACTERS ? note : note.substring(0, MAX_NOTE_CHARACTERS);
    } catch (Throwable e) { // as above
      failed(e);
      return "";
    }
  }

  private void failed(Throwable e) {
    if (e instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
      throw fatal;
    }
    meters.strategyFailed();
    long now = System.nanoTime();
    long last = lastLogNanos.get();
    if (now - last >= LOG_INTERVAL_NANOS && lastLogNanos.compareAndSet(last, now)) {
      LOG.warn("routing strategy {} failed; the configured order stands in", name, e);
    }
  }

  @Override
  public void close() {
    strategy.close();
  }
}
