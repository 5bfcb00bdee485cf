package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {

  @Test
  void shouldKeepTheReserveForTheInteractiveLane() {
    InFlightLimit limit = new InFlightLimit(10, 20);
    assertThat(taken(limit, Lane.STANDARD)).isEqualTo(8);
    assertThat(limit.tryTake(Lane.BATCH)).isFalse();
    assertThat(taken(limit, Lane.INTERACTIVE)).isEqualTo(2);
    assertThat(limit.taken()).isEqualTo(10);
    limit.release(Lane.INTERACTIVE, 1);
    assertThat(limit.tryTake(Lane.STANDARD)).isFalse();
    limit.release(Lane.STANDARD, 1);
    assertThat(limit.tryTake(Lane.BATCH)).isTrue();
  }

  @Test
  void shouldGiveAllToTheInteractiveLaneWhenOthersAreIdle() {
    assertThat(taken(new InFlightLimit(10, 20), Lane.INTERACTIVE)).isEqualTo(10);
  }

  @Test
  void shouldKeepOnePlaceAtLeastWhenThereIsAReserve() {
    assertThat(taken(new InFlightLimit(5, 10), Lane.BATCH)).isEqualTo(4);
    assertThat(taken(new InFlightLimit(5, 0), Lane.BATCH)).isEqualTo(5);
    assertThat(taken(new InFlightLimit(Integer.MAX_VALUE / 1_000, 90), Lane.INTERACTIVE))
        .isEqualTo(Integer.MAX_VALUE / 1_000);
  }

  @Test
  void shouldLeaveOnePlaceToTheOthersWhenThereIsOnlyOne() {
    assertThat(taken(new InFlightLimit(1, 90), Lane.BATCH)).isEqualTo(1);
  }

  private static int taken(InFlightLimit limit, Lane lane) {
    int taken = 0;
    while (limit.tryTake(lane)) {
      taken++;
    }
    return taken;
  }
}
