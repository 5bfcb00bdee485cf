package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Hook;
import io.millrace.schemas.avro.PipelineEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadWatchTest {

  private static final String TASK = "task";

  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
  private final List<PipelineEvent> events = new CopyOnWriteArrayList<>();
  private final HangingHook hook = new HangingHook();
  private final ThreadWatch watch =
      new ThreadWatch(
          List.of(HomeDriver.hook("hanging", hook)),
          new PipelineEvents(new SimpleMeterRegistry(), () -> Instant.EPOCH, events::add),
          nanoTime::get);

  /** Waits inside a call until it is told to go on. */
  private static final class HangingHook implements Hook {

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leaving = new CountDownLatch(1);

    @Override
    public void initialize() throws InterruptedException {
      entered.countDown();
      leaving.await();
    }
  }

  @AfterEach
  void goOn() {
    hook.leaving.countDown();
  }

  @Test
  void shouldNameTheHookThatDoesNotReturnOnce() throws Exception {
    Thread thread = hang();
    pass(ThreadWatch.PATIENCE.minusNanos(1));
    watch.look();
    assertThat(events).isEmpty();
    pass(Duration.ofNanos(1));
    watch.look();
    watch.look();
    assertThat(watch.stuck()).containsExactly(thread);
    assertThat(events).extracting(PipelineEvent::getType).containsExactly("thread-stuck");
    assertThat(events.getFirst().getAttributes())
        .isEqualTo(Map.of("thread", thread.getName(), "hook", "hanging"));
  }

  @Test
  void shouldReportAThreadAgainWhenItComesRoundAndIsStuckAnew() {
    watch.served(TASK);
    pass(ThreadWatch.PATIENCE);
    watch.look();
    watch.served(TASK);
    watch.look();
    assertThat(watch.stuck()).isEmpty();
    pass(ThreadWatch.PATIENCE);
    watch.look();
    assertThat(events)
        .extracting(PipelineEvent::getAttributes)
        .containsExactly(
            Map.of("thread", Thread.currentThread().getName()),
            Map.of("thread", Thread.currentThread().getName()));
  }

  @Test
  void shouldNotMindATaskThatRestsWhileItsThreadServesAnother() {
    watch.served(TASK);
    watch.served("other");
    pass(ThreadWatch.PATIENCE);
    watch.served("other");
    assertThat(watch.stuck()).isEmpty();
  }

  @Test
  void shouldForgetThreadsThatHaveEnded() throws Exception {
    Thread thread = hang();
    hook.leaving.countDown();
    thread.join();
    pass(ThreadWatch.PATIENCE);
    assertThat(watch.stuck()).isEmpty();
  }

  @Test
  void shouldHearOfEachTaskFromItsTicksUntilItIsClosed(@TempDir Path stateDir) {
    HomeDriver home = new HomeDriver(stateDir);
    try (home) {
      home.nanoTime.addAndGet(ThreadWatch.PATIENCE.toNanos());
      assertThat(home.chain.threads().stuck()).containsExactly(Thread.currentThread());
      home.advance(Duration.ofSeconds(1));
      assertThat(home.chain.threads().stuck()).isEmpty();
      home.nanoTime.addAndGet(ThreadWatch.PATIENCE.toNanos());
    }
    assertThat(home.chain.threads().stuck()).as("its task is closed").isEmpty();
  }

  private Thread hang() throws InterruptedException {
    Thread thread =
        Thread.ofPlatform()
            .name("a-stream-thread")
            .start(
                () -> {
                  watch.served(TASK);
                  call();
                });
    hook.entered.await();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  private void call() {
    try {
      hook.initialize();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Duration duration) {
    nanoTime.addAndGet(duration.toNanos());
  }
}
