package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Calls from several threads at once. */
final class Threads {

  /** How many threads call at once. */
  static final int COUNT = 8;

  /** How often each calls. */
  static final int CALLS = 200;

  private static final int TIMEOUT_SECONDS = 60;

  private Threads() {}

  /** What every call returned; fails with the first exception. */
  static <T> List<T> call(IntFunction<T> call) {
    return call(CALLS, call);
  }

  /** The same, with so many calls from each thread: for what takes long. */
  static <T> List<T> call(int callsEach, IntFunction<T> call) {
    List<Callable<List<T>>> work = new ArrayList<>();
    for (int thread = 0; thread < COUNT; thread++) {
      int first = thread * callsEach;
      work.add(() -> calls(first, callsEach, call));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(COUNT)) {
      List<T> results = new ArrayList<>();
      List<Future<List<T>>> running = work.stream().map(threads::submit).toList();
      for (Future<List<T>> calls : running) {
        results.addAll(calls.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      return fail("a call failed when several threads called at once: " + e.getCause(), e);
    } catch (TimeoutException e) {
      return fail("%d calls took over %d s".formatted(COUNT * callsEach, TIMEOUT_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e);
    }
  }

  private static <T> List<T> calls(int first, int count, IntFunction<T> call) {
    List<T> results = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      results.add(call.apply(i));
    }
    return results;
  }
}
