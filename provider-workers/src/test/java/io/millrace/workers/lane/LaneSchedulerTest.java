package io.millrace.workers.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LaneSchedulerTest {

  private static final List<Lane> LANES = List.of(Lane.values());

  private final LaneScheduler<String> scheduler = new LaneScheduler<>();

  @Test
  void shouldShareTurnsByWeightWhenAllLanesHaveWork() {
    for (Lane lane : Lane.values()) {
      fill(lane, "t", 1_000);
    }
    List<String> served = serve(210);
    assertThat(served).filteredOn(item -> item.startsWith("INTERACTIVE")).hasSizeBetween(158, 162);
    assertThat(served).filteredOn(item -> item.startsWith("STANDARD")).hasSizeBetween(38, 42);
    assertThat(served).filteredOn(item -> item.startsWith("BATCH")).hasSizeBetween(9, 12);
  }

  @Test
  void shouldGiveAllTurnsToTheOnlyLaneWithWork() {
    fill(Lane.BATCH, "t", 100);
    assertThat(serve(100)).hasSize(100);
    assertThat(scheduler.isEmpty()).isTrue();
  }

  @Test
  void shouldSaveNoTurnsUpForALaneThatHadNoWork() {
    fill(Lane.BATCH, "t", 1_000);
    serve(500);
    fill(Lane.INTERACTIVE, "t", 100);
    assertThat(serve(34)).filteredOn(item -> item.startsWith("BATCH")).hasSizeBetween(1, 3);
  }

  @Test
  void shouldSaveOneTurnAtMostUpForALaneThatHadNoPlace() {
    fill(Lane.INTERACTIVE, "t", 1_000);
    fill(Lane.BATCH, "t", 1_000);
    for (int i = 0; i < 500; i++) {
      assertThat(scheduler.next(lane -> lane == Lane.INTERACTIVE)).startsWith("INTERACTIVE");
    }
    assertThat(serve(34)).filteredOn(item -> item.startsWith("BATCH")).hasSizeBetween(1, 4);
  }

  @Test
  void shouldServeTenantsByTurnsHoweverMuchOneHasPutIn() {
    fill(Lane.STANDARD, "flood", 10_000);
    serve(10);
    fill(Lane.STANDARD, "small", 3);
    assertThat(serve(6)).filteredOn(item -> item.contains("small")).hasSize(3);
    assertThat(scheduler.tenants(Lane.STANDARD)).isEqualTo(1);
  }

  @Test
  void shouldKeepTheOrderOfATenant() {
    fill(Lane.BATCH, "a", 3);
    fill(Lane.BATCH, "b", 2);
    assertThat(serve(5))
        .containsExactly("BATCH a0", "BATCH b0", "BATCH a1", "BATCH b1", "BATCH a2");
  }

  @Test
  void shouldForgetWhatIsUnwanted() {
    fill(Lane.BATCH, "a", 3);
    fill(Lane.BATCH, "b", 2);
    scheduler.removeIf(Lane.BATCH, item -> item.contains("b") || item.endsWith("1"));
    assertThat(scheduler.waiting(Lane.BATCH)).isEqualTo(2);
    assertThat(scheduler.tenants(Lane.BATCH)).isEqualTo(1);
    assertThat(serve(5)).containsExactly("BATCH a0", "BATCH a2");
  }

  /** Whatever comes and goes: no lane with work and a place waits longer than its bound. */
  @RepeatedTest(20)
  void shouldStarveNoLane() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<Lane, Integer> waited = new EnumMap<>(Lane.class);
    for (int step = 0; step < 5_000; step++) {
      Lane filled = LANES.get(random.nextInt(LANES.size()));
      fill(filled, "t" + random.nextInt(5), random.nextInt(30));
      Set<Lane> withPlace = EnumSet.allOf(Lane.class);
      if (random.nextInt(4) == 0) {
        withPlace.remove(LANES.get(random.nextInt(LANES.size())));
      }
      Set<Lane> able = EnumSet.noneOf(Lane.class);
      withPlace.stream().filter(lane -> scheduler.waiting(lane) > 0).forEach(able::add);
      String served = scheduler.next(withPlace::contains);
      assertThat(served == null).as("seed %d", seed).isEqualTo(able.isEmpty());
      note(waited, able, served, seed);
    }
  }

  private static void note(
      Map<Lane, Integer> waited,
      Set<Lane> able,
      @org.jspecify.annotations.Nullable String served,
      long seed) {
    for (Lane lane : Lane.values()) {
      if (!able.contains(lane) || Objects.requireNonNull(served).startsWith(lane.name())) {
        waited.remove(lane);
      } else {
        assertThat(waited.merge(lane, 1, Integer::sum))
            .as("turns of others while %s waits, seed %d", lane, seed)
            .isLessThanOrEqualTo(bound(lane));
      }
    }
  }

  private static int bound(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> 4;
      case STANDARD -> 7;
      case BATCH -> LaneScheduler.MOST_BEFORE_BATCH;
    };
  }

  private void fill(Lane lane, String tenant, int count) {
    for (int i = 0; i < count; i++) {
      scheduler.add(lane, tenant, lane + " " + tenant + i);
    }
  }

  private List<String> serve(int count) {
    List<String> served = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String next = scheduler.next(lane -> true);
      if (next != null) {
        served.add(next);
      }
    }
    return served;
  }
}
