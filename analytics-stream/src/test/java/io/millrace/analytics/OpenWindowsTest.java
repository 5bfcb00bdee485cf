package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class OpenWindowsTest {

  private static WindowKey key(long start, String provider, String model, String tenant) {
    return new WindowKey(start, provider, model, tenant);
  }

  @Test
  void shouldSumTenantsAsOtherWhenTheWindowIsFull() {
    OpenWindows open = new OpenWindows(2);
    open.open(key(0, "p", "m", "t1"));
    open.open(key(0, "p", "m", "t2"));

    assertThat(open.open(key(0, "p", "m", "t3"))).isEqualTo(key(0, "p", "m", "other"));
    assertThat(open.open(key(0, "p", "m", "t1"))).isEqualTo(key(0, "p", "m", "t1"));
    assertThat(open.open(key(60_000, "p", "m", "t3")))
        .as("another window has room of its own")
        .isEqualTo(key(60_000, "p", "m", "t3"));
  }

  @Test
  void shouldStayWithinTheBoundWhateverArrives() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    OpenWindows open = new OpenWindows(10);
    Set<WindowKey> distinct = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      distinct.add(
          open.open(key(0, "p" + random.nextInt(500), "m" + random.nextInt(500), "t" + i)));
    }

    assertThat(distinct).as("seed %d", seed).hasSize(OpenWindows.bound(10));
    assertThat(distinct).contains(key(0, "other", "other", "other"));
  }

  @Test
  void shouldTellAChangeOnce() {
    OpenWindows open = new OpenWindows(10);
    open.open(key(0, "p", "m", "t"));
    open.open(key(0, "p", "m", "t"));

    assertThat(open.takeChanged()).containsExactly(key(0, "p", "m", "t"));
    assertThat(open.takeChanged()).isEmpty();
  }

  @Test
  void shouldForgetWindowsThatAreOver() {
    OpenWindows open = new OpenWindows(10);
    open.restore(key(0, "p", "m", "t"));
    open.open(key(60_000, "p", "m", "t"));

    assertThat(open.takeStartedBefore(60_000)).containsExactly(key(0, "p", "m", "t"));
    assertThat(open.takeStartedBefore(60_000)).isEmpty();
    assertThat(open.takeChanged()).containsExactly(key(60_000, "p", "m", "t"));
  }

  @Test
  void shouldOrderStoreKeysByTheirStart() {
    assertThat(key(60_000, "z", "m", "t").storeKey())
        .isLessThan(key(120_000, "a", "m", "t").storeKey());
    assertThat(key(60_000, "p", "m", "t").topicKey()).isEqualTo("p|m|t");
  }
}
