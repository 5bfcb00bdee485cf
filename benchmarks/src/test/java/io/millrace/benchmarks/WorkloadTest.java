package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WorkloadTest {

  @Test
  void shouldNotAskAQuestionTwiceWhenRunsFollowOneAnother() {
    Set<String> asked = new HashSet<>();

    for (String run : List.of("warm-direct", "warm", "direct50", "at50", "at200")) {
      Workload load = new Workload(run, 1, "test/any");
      for (long number = 0; number < 1_000; number++) {
        assertThat(asked.add(load.chatBody(number))).isTrue();
      }
    }
  }

  @Test
  void shouldAskTheSameQuestionsInEveryRunWhenRepeating() {
    Workload first = Workload.repeating("warm", 1, "test/any", 10);
    Workload second = Workload.repeating("at50", 1, "test/any", 10);

    assertThat(second.chatBody(13)).isEqualTo(first.chatBody(3));
  }
}
