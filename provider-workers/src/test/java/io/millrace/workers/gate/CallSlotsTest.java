package io.millrace.workers.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.provider.RateLimitStatus;
import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CallSlotsTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final CallSlots slots = new CallSlots(ConcurrencySetting.defaults(), 1, 1);
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @Test
  void shouldGiveNoMorePlacesThanItHas() {
    assertThat(slots.tryTake(0)).isTrue();
    assertThat(slots.tryTake(0)).isFalse();
    slots.release(0, 0);
    assertThat(slots.tryTake(0)).isTrue();
  }

  @Test
  void shouldPreferUrgentLanesAndKeepOrderWithinALane() throws InterruptedException {
    slots.tryTake(0);
    List<Thread> waiters = new ArrayList<>();
    waiters.add(wait(Lane.BATCH, "b1"));
    waiters.add(wait(Lane.STANDARD, "s1"));
    waiters.add(wait(Lane.INTERACTIVE, "i1"));
    waiters.add(wait(Lane.INTERACTIVE, "i2"));
    slots.release(0, 0);
    for (Thread waiter : waiters) {
      waiter.join();
    }
    assertThat(order).containsExactly("i1", "i2", "s1", "b1");
    assertThat(slots.inFlight()).isZero();
  }

  @Test
  void shouldGiveABatchCallAPlaceInTheEnd() throws InterruptedException {
    slots.tryTake(0);
    List<Thread> waiters = new ArrayList<>();
    waiters.add(wait(Lane.BATCH, "b"));
    for (int i = 1; i <= 20; i++) {
      waiters.add(wait(Lane.INTERACTIVE, "i" + i));
    }
    slots.release(0, 0);
    for (Thread waiter : waiters) {
      waiter.join();
    }
    assertThat(order.indexOf("b")).isBetween(8, 17);
  }

  @Test
  void shouldGivePlacesToTenantsByTurns() throws InterruptedException {
    slots.tryTake(0);
    List<Thread> waiters = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      waiters.add(wait(Lane.BATCH, "flood", "f" + i));
    }
    waiters.add(wait(Lane.BATCH, "small", "s"));
    slots.release(0, 0);
    for (Thread waiter : waiters) {
      waiter.join();
    }
    assertThat(order.indexOf("s")).isEqualTo(1);
  }

  @Test
  void shouldGiveUpWhenPatienceEnds() throws InterruptedException {
    slots.tryTake(0);
    assertThat(slots.take(Lane.STANDARD, "t", Duration.ofMillis(1), 0)).isFalse();
    assertThat(slots.waiting()).isZero();
    slots.release(0, 0);
    assertThat(slots.take(Lane.STANDARD, "t", Duration.ofMillis(1), 0)).isTrue();
  }

  @Test
  void shouldLeaveNothingBehindWhenAWaiterIsInterrupted() throws InterruptedException {
    slots.tryTake(0);
    Thread waiter = wait(Lane.STANDARD, "never");
    waiter.interrupt();
    waiter.join();
    assertThat(slots.waiting()).isZero();
    slots.release(0, 0);
    assertThat(slots.inFlight()).isZero();
    assertThat(order).isEmpty();
    Thread.currentThread().interrupt();
    slots.tryTake(0);
    assertThatThrownBy(() -> slots.take(Lane.STANDARD, "t", LONG, 0))
        .isInstanceOf(InterruptedException.class);
    assertThat(slots.inFlight()).isOne();
  }

  @Test
  void shouldNeverRunMoreThanTheLimitWhenManyCompete() throws InterruptedException {
    CallSlots few = new CallSlots(ConcurrencySetting.defaults(), 5, 1);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Lane lane = Lane.values()[i % 3];
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int call = 0; call < 20; call++) {
                      take(few, lane);
                      most.accumulateAndGet(running.incrementAndGet(), Math::max);
                      Thread.yield();
                      running.decrementAndGet();
                      few.release(call % 5 == 0 ? 1 : 0, 0);
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(LONG)).isTrue();
    }
    assertThat(most.get()).isBetween(1, 5);
    assertThat(few.inFlight()).isZero();
    assertThat(few.waiting()).isZero();
  }

  @Test
  void shouldNotExceedWhatTheProviderSaysIsLeft() {
    CallSlots many = new CallSlots(ConcurrencySetting.defaults(), 100, 1);
    many.told("a", new RateLimitStatus(3L, null, Duration.ofSeconds(2)), 0, 0);
    assertThat(many.limit(SECOND)).isEqualTo(3);
    assertThat(many.limit(2 * SECOND)).isEqualTo(100);
    many.told("a", new RateLimitStatus(0L, null, Duration.ofDays(9)), 0, 0);
    assertThat(many.limit(SECOND)).isOne();
    assertThat(many.limit(60 * SECOND)).isEqualTo(100);
  }

  @Test
  void shouldCountTokensThatAreLeftInCalls() {
    CallSlots many = new CallSlots(ConcurrencySetting.defaults(), 100, 1);
    RateLimitStatus left = new RateLimitStatus(1_000L, 5_000L, null);
    many.told(null, left, 0, 0);
    assertThat(many.limit(0)).isEqualTo(100);
    many.told(null, left, 500, 0);
    assertThat(many.limit(0)).isEqualTo(10);
  }

  @Test
  void shouldAddUpWhatIsLeftOfAllKeysOnceEachHasSpoken() {
    CallSlots many = new CallSlots(ConcurrencySetting.defaults(), 100, 2);
    many.told("a", new RateLimitStatus(0L, null, Duration.ofSeconds(2)), 0, 0);
    assertThat(many.limit(0)).isEqualTo(100);
    many.told("b", new RateLimitStatus(40L, null, Duration.ofSeconds(3)), 0, 0);
    assertThat(many.limit(0)).isEqualTo(40);
    assertThat(many.limit(2 * SECOND)).isEqualTo(100);
  }

  @Test
  void shouldBoundNothingWhenSwitchedOff() {
    CallSlots open = new CallSlots(new ConcurrencySetting(false), 1, 1);
    assertThat(open.tryTake(0)).isTrue();
    assertThat(open.tryTake(0)).isTrue();
  }

  /** Waits in a thread of its own; returns once it does. */
  private Thread wait(Lane lane, String name) {
    return wait(lane, "t", name);
  }

  private Thread wait(Lane lane, String tenant, String name) {
    int before = slots.waiting();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (slots.take(lane, tenant, LONG, 0)) {
                      order.add(name);
                      slots.release(0, 0);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Awaitility.await().until(() -> slots.waiting() > before);
    return waiter;
  }

  private static void take(CallSlots from, Lane lane) {
    try {
      assertThat(from.take(lane, "t", LONG, 0)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
