package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostTopicsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TURN = Duration.ofSeconds(10);
  private static final int MANY = 2 * LostTopics.MAX_TOPICS;

  /** Times of the system's clock may overflow. */
  private long nowNanos = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

  private final Map<String, TopicState> states = new HashMap<>();
  private final LostTopics lost =
      new LostTopics(
          topic -> states.getOrDefault(topic, TopicState.MISSING),
          TopicState::needsSomebody,
          PATIENCE,
          () -> nowNanos);

  @Test
  void shouldGiveUpWhenPatienceIsOver() throws Exception {
    assertThat(lost.failed("a")).isEmpty();
    pass(PATIENCE.minusNanos(1));
    assertThat(lost.failed("a")).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(lost.failed("a")).contains(TopicState.MISSING);
    assertThat(lost.givenUp("a")).contains(TopicState.MISSING);
  }

  @Test
  void shouldGiveUpEachOfMoreThanAreKeptInMind() throws Exception {
    assertThat(givenUpByTurns()).hasSize(MANY);
  }

  @Test
  void shouldFindAgainWhatIsThereAgainOfMoreThanAreKeptInMind() throws Exception {
    assertThat(givenUpByTurns()).hasSize(MANY);
    for (int i = 0; i < MANY; i++) {
      states.put("t" + i, TopicState.THERE);
    }
    pass(LostTopics.LOOK_AGAIN);
    for (int i = 0; i < MANY; i++) {
      assertThat(lost.givenUp("t" + i)).isEmpty();
      lost.written("t" + i);
    }
    states.clear();
    assertThat(lost.failed("t0")).as("it is waited for anew").isEmpty();
    assertThat(lost.failed("t" + (MANY - 1))).isEmpty();
  }

  @Test
  void shouldGiveUpNothingForAClusterThatDoesNotAnswerHoweverMuchIsKeptInMind() throws Exception {
    assertThat(givenUpByTurns()).hasSize(MANY);
    states.put("another", TopicState.UNKNOWN);
    assertThat(lost.failed("another")).isEmpty();
  }

  @Test
  void shouldForgetThoseNobodyLooksAtAnyMore() throws Exception {
    assertThat(givenUpByTurns()).hasSize(MANY);
    pass(LostTopics.FORGOTTEN);
    assertThat(lost.failed("another")).as("there is patience again").isEmpty();
    pass(PATIENCE);
    assertThat(lost.failed("another")).contains(TopicState.MISSING);
  }

  private Set<String> givenUpByTurns() throws InterruptedException {
    Set<String> givenUp = new HashSet<>();
    for (int turn = 0; turn < 12; turn++) {
      for (int i = 0; i < MANY; i++) {
        if (lost.failed("t" + i).isPresent()) {
          givenUp.add("t" + i);
        }
      }
      pass(TURN);
    }
    return givenUp;
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }
}
