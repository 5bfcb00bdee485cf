package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.plugin.tck.CollectedChunks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedProviderTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final List<Duration> sleeps = new ArrayList<>();

  @Test
  void shouldAnswerTheSameWhenAskedTheSame() throws Exception {
    ProviderReply first = provider(Map.of()).complete(request("a", "why is the sky blue?"));
    ProviderReply second = provider(Map.of()).complete(request("a", "why is the sky blue?"));
    assertThat(second).isEqualTo(first);
    Completion completion = ((ProviderReply.Success) first).completion();
    assertThat(completion.text()).contains("why is the sky blue?").hasSize(64);
    assertThat(completion.usage().promptTokens()).isEqualTo(5);
    assertThat(completion.usage().completionTokens()).isEqualTo(16);
    assertThat(completion.model()).isEqualTo("m");
    assertThat(completion.createdSeconds()).isEqualTo(NOW.getEpochSecond());
    assertThat(completion.choices().getFirst().finishReason()).isEqualTo("stop");
  }

  @Test
  void shouldAnswerDifferentlyWhenSeedOrPromptDiffer() throws Exception {
    Map<String, Object> longer = Map.of("completion_tokens", 60);
    String text = text(provider(longer).complete(request("a", "one")));
    assertThat(text(provider(longer).complete(request("a", "two")))).isNotEqualTo(text);
    assertThat(
            text(
                provider(Map.of("completion_tokens", 60, "seed", 9)).complete(request("a", "one"))))
        .isNotEqualTo(text);
  }

  @Test
  void shouldCutTheAnswerWhenTheRequestSaysSo() throws Exception {
    CompletionRequest cut = CompletionRequest.of("m", "hello").withMaxTokens(5);
    ProviderReply reply =
        provider(Map.of())
            .complete(new ProviderRequest(cut, "m", "a", null, Duration.ofSeconds(10)));
    Completion completion = ((ProviderReply.Success) reply).completion();
    assertThat(completion.usage().completionTokens()).isEqualTo(5);
    assertThat(completion.text()).hasSize(20);
    assertThat(completion.choices().getFirst().finishReason()).isEqualTo("length");
  }

  @Test
  void shouldSleepForDelayAndTokens() throws Exception {
    provider(Map.of("latency_ms", 100, "tokens_per_second", 32)).complete(request("a", "hello"));
    assertThat(sleeps).containsExactly(Duration.ofMillis(600));
  }

  @Test
  void shouldSpreadDelaysAsAsked() throws Exception {
    calls(provider(Map.of("latency", "uniform", "latency_ms", 100, "latency_max_ms", 300)), 2_000);
    assertThat(sleeps).allMatch(sleep -> sleep.toMillis() >= 100 && sleep.toMillis() < 300);
    assertThat(meanMillis()).isBetween(195.0, 205.0);
    sleeps.clear();
    calls(provider(Map.of("latency", "lognormal", "latency_ms", 100, "latency_sigma", 0.5)), 4_000);
    sleeps.sort(null);
    assertThat(sleeps.get(2_000).toMillis()).isBetween(95L, 105L);
    assertThat(sleeps.get(3_960).toMillis()).isBetween(280L, 370L);
  }

  @Test
  void shouldFailAsOftenAsAsked() throws Exception {
    SimulatedProvider provider =
        provider(Map.of("error_rate", 0.1, "rate_limit_rate", 0.2, "timeout_rate", 0.05));
    Map<String, Integer> counts = new HashMap<>();
    for (ProviderReply reply : calls(provider, 10_000)) {
      String kind =
          reply instanceof ProviderReply.Failure failure ? failure.failure().name() : "SUCCESS";
      counts.merge(kind, 1, Integer::sum);
    }
    assertThat(counts.get("SERVER_ERROR")).isBetween(900, 1_100);
    assertThat(counts.get("RATE_LIMITED")).isBetween(1_850, 2_150);
    assertThat(counts.get("TIMEOUT")).isBetween(430, 570);
    assertThat(counts.get("SUCCESS")).isBetween(6_300, 6_700);
  }

  @Test
  void shouldRollTheDiceAnewWhenAFailedCallIsRepeated() throws Exception {
    SimulatedProvider provider = provider(Map.of("error_rate", 0.5));
    int tries = 1;
    while (provider.complete(request("same", "hello")) instanceof ProviderReply.Failure) {
      tries++;
    }
    assertThat(tries).isBetween(1, 50);
    SimulatedProvider again = provider(Map.of("error_rate", 0.5));
    for (int i = 1; i < tries; i++) {
      assertThat(again.complete(request("same", "hello")))
          .isInstanceOf(ProviderReply.Failure.class);
    }
    assertThat(again.complete(request("same", "hello"))).isInstanceOf(ProviderReply.Success.class);
  }

  @Test
  void shouldSayWhenToComeBackWhenItLimits() throws Exception {
    ProviderReply reply =
        provider(Map.of("rate_limit_rate", 1, "retry_after_ms", 250)).complete(request("a", "x"));
    ProviderReply.Failure failure = (ProviderReply.Failure) reply;
    assertThat(failure.error().retryAfter()).isEqualTo(Duration.ofMillis(250));
    assertThat(failure.httpStatus()).isEqualTo(429);
  }

  @Test
  void shouldTimeOutWhenTheDelayIsLongerThanTheCallMayTake() throws Exception {
    ProviderReply reply = provider(Map.of("latency_ms", 60_000)).complete(request("a", "x"));
    assertThat(((ProviderReply.Failure) reply).failure()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(sleeps).containsExactly(Duration.ofSeconds(10));
  }

  @Test
  void shouldStreamWordByWordWhatItWouldAnswer() throws Exception {
    Map<String, Object> settings =
        Map.of("latency_ms", 100, "tokens_per_second", 32, "completion_tokens", 60);
    ProviderReply whole = provider(settings).complete(request("a", "why is the sky blue?"));
    sleeps.clear();
    CollectedChunks chunks = new CollectedChunks();
    ProviderReply streamed =
        provider(settings).stream(request("a", "why is the sky blue?"), chunks);
    assertThat(streamed).isEqualTo(whole);
    assertThat(chunks.text()).isEqualTo(text(whole));
    assertThat(chunks.json()).hasSizeGreaterThan(20);
    assertThat(chunks.json().getLast()).contains("\"finish_reason\":\"stop\"");
    assertThat(sleeps.getFirst()).isEqualTo(Duration.ofMillis(100));
    assertThat(sleeps.stream().mapToLong(Duration::toMillis).sum()).isBetween(1_900L, 1_976L);
  }

  @Test
  void shouldCutStreamsAsOftenAsAsked() throws Exception {
    SimulatedProvider provider = provider(Map.of("cut_rate", 0.2, "latency_ms", 0));
    int cut = 0;
    for (int i = 0; i < 2_000; i++) {
      CollectedChunks chunks = new CollectedChunks();
      if (provider.stream(request("c" + i, "hello"), chunks)
          instanceof ProviderReply.Failure failure) {
        assertThat(failure.failure()).isEqualTo(FailureClass.CONNECTION);
        assertThat(chunks.text()).isNotEmpty();
        cut++;
      }
    }
    assertThat(cut).isBetween(330, 470);
    assertThat(calls(provider, 100)).allMatch(ProviderReply.Success.class::isInstance);
  }

  @Test
  void shouldTimeOutWithinAStreamWhenItTakesTooLong() throws Exception {
    CollectedChunks chunks = new CollectedChunks();
    ProviderReply reply =
        provider(Map.of("tokens_per_second", 1, "completion_tokens", 60)).stream(
            request("a", "hello"), chunks);
    assertThat(((ProviderReply.Failure) reply).failure()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(chunks.text()).isNotEmpty();
    assertThat(sleeps.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void shouldHaveTheseDefaults() {
    assertThat(SimulatedSettings.of(Map.of()))
        .isEqualTo(
            new SimulatedSettings(
                0, SimulatedSettings.Latency.FIXED, 20, 600_000, 0.5, 0, 16, 0, 0, 1_000, 0, 0));
  }

  @Test
  void shouldNameTheSettingThatIsWrong() {
    assertRefused(
        Map.of("latency", "often"), "latency must be one of fixed, uniform, lognormal, is 'often'");
    assertRefused(Map.of("error_rate", 2), "error_rate must be a number from 0.0 to 1.0, is '2'");
    assertRefused(Map.of("error_rate", "x"), "error_rate must be a number");
    assertRefused(Map.of("latency_ms", "1s"), "latency_ms must be a whole number from 0 to 600000");
    assertRefused(
        Map.of("latency_ms", 10, "latency_max_ms", 5),
        "latency_max_ms must be a whole number from 10");
    assertRefused(Map.of("eror_rate", 1), "there is no setting 'eror_rate'");
  }

  private static void assertRefused(Map<String, Object> settings, String message) {
    assertThatThrownBy(() -> new SimulatedProviderFactory().create("s", settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private SimulatedProvider provider(Map<String, Object> settings) {
    return new SimulatedProvider(SimulatedSettings.of(settings), sleeps::add, () -> NOW);
  }

  private static List<ProviderReply> calls(SimulatedProvider provider, int count)
      throws InterruptedException {
    List<ProviderReply> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(provider.complete(request("default/r-" + i + "#1", "hello")));
    }
    return replies;
  }

  private double meanMillis() {
    return sleeps.stream().mapToLong(Duration::toNanos).average().orElseThrow() / 1e6;
  }

  private static ProviderRequest request(String callId, String prompt) {
    return new ProviderRequest(
        CompletionRequest.of("m", prompt), "m", callId, null, Duration.ofSeconds(10));
  }

  private static String text(ProviderReply reply) {
    return ((ProviderReply.Success) reply).completion().text();
  }
}
