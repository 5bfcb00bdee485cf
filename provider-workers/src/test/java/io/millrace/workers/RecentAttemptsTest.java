package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecentAttemptsTest {

  private final RecentAttempts attempts = new RecentAttempts(2);

  @Test
  void shouldNotBeginAgainWhatIsFinished() throws InterruptedException {
    assertThat(attempts.begin("a")).isTrue();
    attempts.end("a", true);
    assertThat(attempts.begin("a")).isFalse();
  }

  @Test
  void shouldBeginAgainWhatWasNotDone() throws InterruptedException {
    assertThat(attempts.begin("a")).isTrue();
    attempts.end("a", false);
    assertThat(attempts.begin("a")).isTrue();
  }

  @Test
  void shouldForgetTheOldestFirst() throws InterruptedException {
    for (String id : new String[] {"a", "b", "c"}) {
      assertThat(attempts.begin(id)).isTrue();
      attempts.end(id, true);
    }
    assertThat(attempts.begin("c")).isFalse();
    assertThat(attempts.begin("b")).isFalse();
    assertThat(attempts.begin("a")).isTrue();
  }

  @Test
  void shouldWaitForAnAttemptUnderWayAndTakeItOverWhenItFails() throws Exception {
    assertThat(attempts.begin("a")).isTrue();
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return attempts.begin("a");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    attempts.end("a", false);
    assertThat(second.get()).isTrue();
  }

  @Test
  void shouldLetExactlyOneOfManyThroughWhenItSucceeds() throws Exception {
    RecentAttempts many = new RecentAttempts(10_000);
    AtomicInteger began = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int id = 0; id < 500; id++) {
        String callId = "id-" + id;
        for (int i = 0; i < 4; i++) {
          Future<?> unused =
              threads.submit(
                  () -> {
                    if (many.begin(callId)) {
                      began.incrementAndGet();
                      many.end(callId, true);
                    }
                    return null;
                  });
        }
      }
    }
    assertThat(began).hasValue(500);
  }
}
