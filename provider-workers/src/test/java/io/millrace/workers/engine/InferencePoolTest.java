package io.millrace.workers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who finds a place, and when it is free again. */
@Timeout(60)
class InferencePoolTest {

  /** Enough for a caller to be back before the thread that computed for it is. */
  private static final int ROUNDS = 20_000;

  private static final Duration LONG = Duration.ofSeconds(30);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    callers.shutdownNow();
  }

  @Test
  void shouldHaveAPlaceForWhoCallsAgainAtOnceWhenNoneMayWait() throws Exception {
    try (InferencePool pool = pool(1, 0)) {
      for (int round = 0; round < ROUNDS; round++) {
        int number = round;
        assertThat(pool.call(() -> number, LONG)).isEqualTo(round);
      }
    }
  }

  @Test
  void shouldSendNobodyAwayWhenNoMoreCallThanMayComputeAndWait() throws Exception {
    try (InferencePool pool = pool(2, 2)) {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        all.add(() -> callOften(pool));
      }
      for (Future<Integer> each : callers.invokeAll(all)) {
        assertThat(each.get()).isEqualTo(ROUNDS / 4);
      }
    }
  }

  @Test
  void shouldFreeThePlaceOfACallThatGaveUpWaiting() throws Exception {
    try (InferencePool pool = pool(1, 1)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<Integer> slow =
          callers.submit(
              () ->
                  pool.call(
                      () -> {
                        begun.countDown();
                        go.await();
                        return 1;
                      },
                      LONG));
      begun.await();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> pool.call(() -> 2, Duration.ofMillis(1)))
            .isInstanceOf(TimeoutException.class);
      }
      assertThat(pool.queued()).isZero();
      go.countDown();
      assertThat(slow.get()).isEqualTo(1);
    }
  }

  @Test
  void shouldKeepThePlaceOfACallThatStillComputesWhenNobodyWaitsForIt() throws Exception {
    try (InferencePool pool = pool(1, 0)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<Integer> left = callers.submit(() -> pool.call(() -> stubborn(begun, go), LONG));
      begun.await();
      left.cancel(true);
      assertThatThrownBy(() -> pool.call(() -> 2, LONG))
          .isInstanceOf(RejectedExecutionException.class);
      go.countDown();
    }
  }

  private static int callOften(InferencePool pool) throws Exception {
    int answers = 0;
    for (int round = 0; round < ROUNDS / 4; round++) {
      answers += pool.call(() -> 1, LONG);
    }
    return answers;
  }

  /** Computes on when it is interrupted, as native code does. */
  private static int stubborn(CountDownLatch begun, CountDownLatch go) {
    begun.countDown();
    boolean gone = false;
    while (!gone) {
      try {
        go.await();
        gone = true;
      } catch (InterruptedException e) {
        // native code does not look
      }
    }
    return 1;
  }

  private static InferencePool pool(int concurrent, int maxQueued) {
    return new InferencePool(
        "p", concurrent, maxQueued, new EngineMeters(new SimpleMeterRegistry(), "p"));
  }
}
