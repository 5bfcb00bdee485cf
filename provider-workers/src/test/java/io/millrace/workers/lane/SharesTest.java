package io.millrace.workers.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharesTest {

  private final Shares shares = new Shares(12, 1_200);

  @Test
  void shouldLeaveAsMuchFreeAsEachOfThemHas() {
    while (add("a", 10)) {}
    assertThat(shares.items()).isEqualTo(6);
    while (shares.allows("b")) {
      shares.hold("b", 10);
    }
    assertThat(shares.items()).isEqualTo(9);
    assertThat(shares.allows("a")).isFalse();
    assertThat(shares.allows("c")).isTrue();
  }

  @Test
  void shouldBoundBytesLikeItems() {
    assertThat(add("a", 700)).isTrue();
    assertThat(add("a", 1)).isFalse();
    assertThat(add("b", 600)).isTrue();
    assertThat(shares.hasRoom()).isFalse();
    shares.letGo("a", 700);
    assertThat(shares.hasRoom()).isTrue();
    assertThat(shares.allows("a")).isTrue();
  }

  @Test
  void shouldSayWhoRunsLow() {
    while (add("a", 1)) {}
    assertThat(shares.runsLow("a")).isFalse();
    shares.letGo("a", 1);
    shares.letGo("a", 1);
    assertThat(shares.runsLow("a")).isFalse();
    shares.letGo("a", 1);
    assertThat(shares.runsLow("a")).isTrue();
    assertThat(shares.runsLow("other")).isTrue();
  }

  @Test
  void shouldSayWhatEachMayKeep() {
    assertThat(shares.itemsEach()).isEqualTo(12);
    shares.hold("a", 1);
    assertThat(shares.itemsEach()).isEqualTo(6);
    assertThat(shares.bytesEach()).isEqualTo(600);
    for (int i = 0; i < 30; i++) {
      shares.hold("t" + i, 1);
    }
    assertThat(shares.itemsEach()).isOne();
  }

  @Test
  void shouldRefuseToTakeAwayWhatIsNotThere() {
    assertThatThrownBy(() -> shares.letGo("a", 1)).isInstanceOf(IllegalStateException.class);
  }

  private boolean add(String tenant, long bytes) {
    boolean allowed = shares.allows(tenant);
    if (allowed) {
      shares.hold(tenant, bytes);
    }
    return allowed;
  }
}
