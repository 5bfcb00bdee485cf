package io.millrace.launcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.monitor.MetricWindow;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.plugin.monitor.MonitorFactory;
import io.millrace.plugin.monitor.Threshold.Level;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugin.tck.HookTck;
import io.millrace.plugin.tck.MonitorTck;
import io.millrace.plugin.tck.ProviderTck;
import io.millrace.plugin.tck.RoutingStrategyTck;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.plugin.testing.TestMonitorContext;
import io.millrace.plugins.EntryPoint.HookEntry;
import io.millrace.plugins.EntryPoint.MonitorEntry;
import io.millrace.plugins.EntryPoint.ProviderEntry;
import io.millrace.plugins.EntryPoint.StrategyEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example keeps to its contract, and does what its README says. */
class ExamplePluginsTest {

  private static final Map<String, Object> WORDS = Map.of("words", List.of("secret", "C++ code"));

  @TempDir private static Path cache;
  private static HookFactory bannedWords;
  private static HookFactory answerTime;
  private static RoutingStrategyFactory weighted;
  private static ProviderFactory echo;
  private static MonitorFactory spendWatch;

  @BeforeAll
  static void compile() {
    bannedWords = ((HookEntry) Example.load(cache, "banned-words")).factory();
    answerTime = ((HookEntry) Example.load(cache, "answer-time")).factory();
    weighted = ((StrategyEntry) Example.load(cache, "weighted")).factory();
    echo = ((ProviderEntry) Example.load(cache, "echo")).factory();
    spendWatch = ((MonitorEntry) Example.load(cache, "spend-watch")).factory();
  }

  @Nested
  class BannedWordsTckTest extends HookTck {
    @Override
    protected HookFactory factory() {
      return bannedWords;
    }

    @Override
    protected List<Map<String, Object>> configurations() {
      return List.of(WORDS);
    }
  }

  @Nested
  class AnswerTimeTckTest extends HookTck {
    @Override
    protected HookFactory factory() {
      return answerTime;
    }
  }

  @Nested
  class WeightedTckTest extends RoutingStrategyTck {
    @Override
    protected RoutingStrategyFactory factory() {
      return weighted;
    }

    @Override
    protected List<Map<String, Object>> configurations() {
      return List.of(Map.of(), Map.of("weights", Map.of("a/small", 0.5)));
    }
  }

  @Nested
  class EchoTckTest extends ProviderTck {
    @Override
    protected ProviderFactory factory() {
      return echo;
    }
  }

  @Nested
  class SpendWatchTckTest extends MonitorTck {
    @Override
    protected MonitorFactory factory() {
      return spendWatch;
    }
  }

  @Test
  void shouldKeepBannedWordsOutOfPromptsAndAnswers() {
    try (Hook hook = bannedWords.create(WORDS, new TestEnvironment().environment())) {
      TestContext context = new TestContext();
      assertThat(hook.preHook(CompletionRequest.of("m", "A SECRET!"), context))
          .isInstanceOf(PreHookResult.Fail.class);
      assertThat(hook.preHook(CompletionRequest.of("m", "secretary"), context))
          .isInstanceOf(PreHookResult.Continue.class);
      Completion answer = Completion.ofText("id", "m", 0, "it is secret", Usage.NONE);
      assertThat(hook.postHook(answer, context)).isInstanceOf(PipelineError.class);
      assertThat(context.events())
          .extracting(event -> event.attributes().get("where"))
          .containsExactly("the prompt", "the answer");
    }
  }

  @Test
  void shouldTellCallersHowLongTheirAnswerTook() {
    try (Hook hook =
        answerTime.create(Map.of("field", "took_ms"), new TestEnvironment().environment())) {
      TestContext context = new TestContext();
      hook.preHook(CompletionRequest.of("m", "x"), context);
      context.advance(Duration.ofMillis(123));
      Completion answer = Completion.ofText("id", "m", 0, "x", Usage.NONE);
      assertThat(((Completion) hook.postHook(answer, context)).extra())
          .isEqualTo(Map.of("took_ms", "123"));
    }
  }

  @Test
  void shouldSplitRequestsByWeight() {
    Target heavy = new Target("a", "m");
    List<Candidate> candidates =
        List.of(Candidate.untried(new Target("b", "m")), Candidate.untried(heavy));
    int requests = 4_000;
    int first = 0;
    try (RoutingStrategy strategy =
        weighted.create(Map.of("weights", Map.of("a/m", 3)), new TestEnvironment().environment())) {
      for (int i = 0; i < requests; i++) {
        TestContext context = new TestContext().withRequestId("request-" + i);
        List<Target> ranked = strategy.rank(CompletionRequest.of("auto", "x"), candidates, context);
        first += ranked.getFirst().equals(heavy) ? 1 : 0;
      }
    }
    assertThat((double) first / requests).isBetween(0.70, 0.80);
  }

  @Test
  void shouldWatchWhatATenantSpendsInAnHour() {
    TestMonitorContext context = new TestMonitorContext();
    try (Monitor monitor = spendWatch.create(Map.of("warning_usd", 2, "critical_usd", 4))) {
      for (int minute = 1; minute <= 3; minute++) {
        context.advance(Duration.ofMinutes(1));
        monitor.onWindow(window(context), context);
      }
      monitor.sample(context.advance(Duration.ofMinutes(61)));
      assertThat(context.reports())
          .extracting(report -> report.value() + " " + report.level())
          .containsExactly(
              "1.5 " + Level.NORMAL,
              "3.0 " + Level.WARNING,
              "4.5 " + Level.CRITICAL,
              "0.0 " + Level.NORMAL);
    }
  }

  private static MetricWindow window(TestMonitorContext context) {
    return new MetricWindow(
        context.now().minusSeconds(60),
        context.now(),
        "p",
        "m",
        "t",
        1,
        0,
        Map.of(),
        1,
        1,
        1,
        1,
        1,
        1_500_000_000);
  }
}
