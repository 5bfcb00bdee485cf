package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever order things come in, every accepted request ends with exactly one result (I1, I2, I3).
 */
class HomePropertyTest {

  private static final int STEPS = 400;
  private static final int IDS = 40;

  @TempDir Path stateDir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void shouldGiveEachRequestOneResultInAnyOrderOfEvents(long seed) {
    Random random = new Random(seed);
    try (HomeDriver home = new HomeDriver(stateDir)) {
      Set<String> accepted = new HashSet<>();
      List<Exchange> inFlight = new ArrayList<>();
      List<String> results = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3 -> {
            String id = "r" + random.nextInt(IDS);
            accepted.add(id);
            home.request(Exchanges.accepted(id, "one/small", "two/big"));
          }
          case 4, 5, 6 -> answer(home, inFlight, random, false);
          case 7 -> answer(home, inFlight, random, true);
          case 8 -> home.advance(Duration.ofMillis(random.nextInt(300)));
          default -> repeatReply(home, inFlight, random);
        }
        inFlight.addAll(home.dispatched());
        collect(home, results);
      }
      home.advance(Exchanges.TIMEOUT.multipliedBy(2));
      collect(home, results);

      assertThat(results).as("seed %s", seed).doesNotHaveDuplicates();
      assertThat(new HashSet<>(results)).as("seed %s", seed).isEqualTo(accepted);
      assertThat(home.deadLetters()).isEmpty();
    }
  }

  private static void answer(
      HomeDriver home, List<Exchange> inFlight, Random random, boolean failing) {
    if (!inFlight.isEmpty()) {
      Exchange dispatched = inFlight.remove(random.nextInt(inFlight.size()));
      home.reply(
          failing
              ? Exchanges.failed(dispatched, ErrorCode.UPSTREAM_ERROR)
              : Exchanges.answered(dispatched, "yes"));
    }
  }

  /**
   * A worker that crashed after its reply calls again: the reply comes while the first is counted.
   */
  private static void repeatReply(HomeDriver home, List<Exchange> inFlight, Random random) {
    if (!inFlight.isEmpty()) {
      home.reply(Exchanges.answered(inFlight.get(random.nextInt(inFlight.size())), "again"));
    }
  }

  private static void collect(HomeDriver home, List<String> results) {
    home.results().stream().map(CompletionResult::getRequestId).forEach(results::add);
  }
}
