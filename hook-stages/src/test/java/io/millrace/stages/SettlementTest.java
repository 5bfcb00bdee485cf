package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettlementTest {

  private static final Target NEXT = new Target("two", "big");
  private static final Target LAST = new Target("three", "tiny");

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void shouldFollowTheCategoryWhenTheErrorLeavesItOpen(ErrorCode code) {
    Settlement settlement = settle(code.error("x"), List.of(NEXT));
    assertThat(settlement instanceof Settlement.NextAttempt)
        .isEqualTo(code.category().fallbacksByDefault());
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void shouldFollowTheErrorWhenItSaysSo(ErrorCode code) {
    assertThat(settle(code.error("x").withAllowFallbacks(true), List.of(NEXT)))
        .isInstanceOf(Settlement.NextAttempt.class);
    assertThat(settle(code.error("x").withAllowFallbacks(false), List.of(NEXT)))
        .isInstanceOf(Settlement.End.class);
  }

  @Test
  void shouldKeepTheRestInOrderWhenItTakesTheFirst() {
    assertThat(settle(ErrorCode.UPSTREAM_ERROR.error("x"), List.of(NEXT, LAST)))
        .isEqualTo(new Settlement.NextAttempt(NEXT, List.of(LAST), List.of()));
  }

  @Test
  void shouldSkipUnknownProviders() {
    Target unknown = new Target("nobody", "m");
    assertThat(settle(ErrorCode.UPSTREAM_ERROR.error("x"), List.of(unknown, LAST)))
        .isEqualTo(new Settlement.NextAttempt(LAST, List.of(), List.of(unknown)));
  }

  @Test
  void shouldEndWithTheFirstErrorWhenNothingIsLeft() {
    PipelineError first = ErrorCode.UPSTREAM_TIMEOUT.error("first");
    PipelineError latest = ErrorCode.UPSTREAM_ERROR.error("latest");
    assertThat(Settlement.of(latest, first, List.of(), target -> true))
        .isEqualTo(new Settlement.End(first, List.of()));
  }

  @Test
  void shouldEndWithTheLatestErrorWhenItForbidsGoingOn() {
    PipelineError first = ErrorCode.UPSTREAM_TIMEOUT.error("first");
    PipelineError latest = ErrorCode.UNAUTHENTICATED.error("latest");
    assertThat(Settlement.of(latest, first, List.of(NEXT), target -> true))
        .isEqualTo(new Settlement.End(latest, List.of()));
  }

  private static Settlement settle(PipelineError error, List<Target> fallbacks) {
    return Settlement.of(error, error, fallbacks, target -> !target.provider().equals("nobody"));
  }
}
