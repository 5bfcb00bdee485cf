package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests for providers and models that operators have blocked. */
class BlockedTargetsTest {

  @TempDir Path stateDir;
  private HomeDriver home;

  @BeforeEach
  void start() {
    home = new HomeDriver(stateDir);
  }

  @AfterEach
  void close() {
    home.close();
  }

  @Test
  void shouldGoOnToTheFallbackWhenTheProviderIsBlocked() {
    home.blocked.add("one");
    home.request(accepted("r1", "one/small", "two/big"));
    assertThat(home.dispatchedTo("two", Lane.STANDARD)).hasSize(1);
    assertThat(home.dispatchedTo("one", Lane.STANDARD)).isEmpty();
    assertThat(home.eventTypes()).contains("target-blocked", "fallback-started");
  }

  @Test
  void shouldEndWithAnErrorThatSaysSoWhenThereIsNoFallback() {
    home.blocked.add("one/small");
    home.request(accepted("r1", "one/small"));
    CompletionResult result = home.results().getFirst();
    assertThat(codeOf(result.getOutcome())).isEqualTo("provider_unavailable");
    assertThat(result.getOutcome().toString()).contains("one/small is blocked by an operator");
  }

  @Test
  void shouldSkipAFallbackThatIsBlocked() {
    home.request(accepted("r1", "one/small", "two/big"));
    Exchange first = home.dispatched().getFirst();
    home.blocked.add("two/big");
    home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
    assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("upstream_error");
    assertThat(home.eventTypes()).contains("fallback-skipped");
  }

  @Test
  void shouldAimAtItAgainOnceItIsUnblocked() {
    home.blocked.add("one");
    home.request(accepted("r1", "one/small"));
    home.blocked.clear();
    home.request(accepted("r2", "one/small"));
    assertThat(home.dispatchedTo("one", Lane.STANDARD)).hasSize(1);
  }

  @Test
  void shouldLetOtherModelsOfTheProviderPass() {
    home.blocked.add("one/small");
    home.request(accepted("r1", "one/other"));
    assertThat(home.dispatchedTo("one", Lane.STANDARD)).hasSize(1);
  }
}
