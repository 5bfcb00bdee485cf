package io.millrace.stages;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Events;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices stream threads that do not come round. A hook that never returns holds up its thread and
 * whatever is in that thread's partitions, and it throws nothing that could be reported. Costs a
 * call nothing: tasks say at every tick that they are served. Thread-safe.
 */
final class ThreadWatch implements AutoCloseable {

  /** A thread that serves none of its tasks for so long is stuck; commits take less. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How many threads are stuck. */
  static final String STUCK = "millrace.stages.stuck.threads";

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(ThreadWatch.class);

  private final List<ActiveHook> hooks;
  private final Events events;
  private final LongSupplier nanoTime;
  private final Map<Object, Round> rounds = new ConcurrentHashMap<>();
  private final Set<Thread> reported = new HashSet<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Who served a task last, and when. */
  private record Round(Thread by, long atNanos) {}

  /**
   * A watch that looks when it is told to.
   *
   * @param hooks those that may be at fault
   */
  ThreadWatch(List<ActiveHook> hooks, Events events, LongSupplier nanoTime) {
    this.hooks = List.copyOf(hooks);
    this.events = events;
    this.nanoTime = nanoTime;
  }

  /** Shows how many threads are stuck, and looks by itself until closed. */
  void start(MeterRegistry meters) {
    Gauge.builder(STUCK, this, watch -> watch.stuck().size())
        .description("Stream threads that have served none of their tasks for 30 seconds")
        .register(meters);
    Thread.ofPlatform().daemon().name("millrace-thread-watch").start(this::run);
  }

  private void run() {
    try {
      while (!closing.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      LOG.debug("told to stop", e);
    }
  }

  /** The calling thread serves a task. */
  void served(Object task) {
    rounds.put(task, new Round(Thread.currentThread(), nanoTime.getAsLong()));
  }

  /** A task is closed here. */
  void closed(Object task) {
    rounds.remove(task);
  }

  /** The threads that have served none of their tasks for {@link #PATIENCE}. */
  Set<Thread> stuck() {
    Map<Thread, Long> latest = new HashMap<>();
    rounds.values().forEach(round -> latest.merge(round.by(), round.atNanos(), ThreadWatch::later));
    long now = nanoTime.getAsLong();
    return latest.entrySet().stream()
        .filter(each -> each.getKey().isAlive() && now - each.getValue() >= PATIENCE.toNanos())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  /** Reports each thread once when it is stuck, and once when it comes round again. */
  synchronized void look() {
    Set<Thread> stuck = stuck();
    stuck.stream().filter(reported::add).forEach(this::report);
    for (Thread thread : Set.copyOf(reported)) {
      if (!stuck.contains(thread)) {
        reported.remove(thread);
        LOG.info("stream thread {} comes round again, or has ended", thread.getName());
      }
    }
  }

  private void report(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    String hook = hookIn(stack);
    LOG.error(
        "stream thread {} has served none of its tasks for {} s, and what is in their partitions"
            + " waits; {}. It is at{}",
        thread.getName(),
        PATIENCE.toSeconds(),
        hook.isEmpty()
            ? "no hook is being called"
            : "hook '%s' does not return: switch it off and restart, or mend it".formatted(hook),
        text(stack));
    events.emit(
        EventTypes.THREAD_STUCK,
        hook.isEmpty()
            ? Map.of("thread", thread.getName())
            : Map.of("thread", thread.getName(), "hook", hook));
  }

  /** The name of the hook that is being called, or nothing. */
  private String hookIn(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      for (ActiveHook active : hooks) {
        String type = active.hook().getClass().getName();
        if (frame.getClassName().equals(type) || frame.getClassName().startsWith(type + "$")) {
          return active.name();
        }
      }
    }
    return "";
  }

  private static String text(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .map(frame -> System.lineSeparator() + "\tat " + frame)
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
