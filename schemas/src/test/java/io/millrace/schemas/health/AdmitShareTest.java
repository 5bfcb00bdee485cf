package io.millrace.schemas.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmitShareTest {

  @Test
  void shouldAdmitAboutTheShareOfIdsThatCountUp() {
    for (double share : new double[] {0.1, 0.25, 0.5}) {
      int admitted = 0;
      for (int i = 0; i < 10_000; i++) {
        admitted += AdmitShare.admits("tenant/request-" + i, share) ? 1 : 0;
      }
      assertThat(admitted / 10_000.0).isBetween(share - 0.02, share + 0.02);
    }
  }

  @Test
  void shouldAdmitAllOrNothingAtTheEnds() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(AdmitShare.place("t/" + i)).isBetween(0.0, Math.nextDown(1.0));
      assertThat(AdmitShare.admits("t/" + i, 1)).isTrue();
      assertThat(AdmitShare.admits("t/" + i, 0)).isFalse();
    }
  }

  /** Processes of different versions must agree, so the figure itself is part of the contract. */
  @Test
  void shouldPlaceAnIdWhereItAlwaysWas() {
    assertThat(AdmitShare.place("default/r-1")).isEqualTo(1375956288L / 0x1p32);
  }
}
