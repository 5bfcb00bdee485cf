package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinLeaderTest {

  @ParameterizedTest
  @CsvSource({"acme/r1, 1", "acme/r1 with 2 spaces, 12", "'', 3"})
  void shouldBeTheSameWhenReadFromItsText(String exchangeId, int attempt) {
    JoinLeader leader = new JoinLeader(exchangeId, attempt);

    assertThat(JoinLeader.of(leader.text())).isEqualTo(leader);
  }
}
