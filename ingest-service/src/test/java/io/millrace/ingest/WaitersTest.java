package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Waiters.Waiter;
import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitersTest {

  private final Waiters waiters = new Waiters(2);

  @Test
  void shouldCompleteEverybodyWhenSeveralWaitForTheSame() {
    CompletionResult result = Requests.echo(Requests.exchange("acme", "r1"));
    try (Waiter first = waiters.register("acme", "r1").orElseThrow();
        Waiter second = waiters.register("acme", "r1").orElseThrow()) {
      waiters.deliver(result);

      assertThat(first.result()).isCompletedWithValue(result);
      assertThat(second.result()).isCompletedWithValue(result);
    }
  }

  @Test
  void shouldNotCompleteWhenTheTenantIsAnother() {
    try (Waiter waiter = waiters.register("acme", "r1").orElseThrow()) {
      waiters.deliver(Requests.echo(Requests.exchange("other", "r1")));

      assertThat(waiter.result()).isNotDone();
    }
  }

  @Test
  void shouldRefuseWhenAllPlacesAreTakenAndTakeAgainWhenOneIsFree() {
    Waiter first = waiters.register("a", "1").orElseThrow();
    Waiter second = waiters.register("a", "2").orElseThrow();

    assertThat(waiters.register("a", "3")).isEmpty();
    assertThat(waiters.size()).isEqualTo(2);
    first.close();
    assertThat(waiters.awaits("1")).isFalse();
    Waiter third = waiters.register("a", "3").orElseThrow();
    assertThat(waiters.awaits("3")).isTrue();
    second.close();
    third.close();
    assertThat(waiters.size()).isZero();
  }

  @Test
  void shouldKeepTheOtherWhenOneOfTwoGoesAway() {
    Waiter first = waiters.register("a", "1").orElseThrow();
    try (Waiter second = waiters.register("a", "1").orElseThrow()) {
      first.close();
      waiters.deliver(Requests.echo(Requests.exchange("a", "1")));

      assertThat(first.result()).isNotDone();
      assertThat(second.result()).isCompleted();
    }
  }

  @Test
  void shouldSayWhetherAllAreGoneWhenDraining() throws Exception {
    Waiter waiter = waiters.register("a", "1").orElseThrow();
    assertThat(waiters.awaitNone(Duration.ofMillis(10))).isFalse();

    waiters.failAll(Intake.shuttingDown());

    assertThat(waiter.result()).isCompletedExceptionally();
    waiter.close();
    assertThat(waiters.awaitNone(Duration.ofMillis(10))).isTrue();
  }
}
