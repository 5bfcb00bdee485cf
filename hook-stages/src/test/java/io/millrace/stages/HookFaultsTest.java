package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.FunctionCounter;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.topic.HomeScope;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept from everybody else when a hook fails or dawdles, and what is not (H16, H17). */
class HookFaultsTest {

  @TempDir Path stateDir;

  @Test
  void shouldCountEverySlowCallAndReportOneInAWhile() {
    HookDescriptor hasty =
        HookDescriptor.of("hasty", "Has no time at all.").timeBudget(Duration.ofNanos(1)).build();
    try (HomeDriver home = new HomeDriver(stateDir, hook(hasty, new Hook() {}))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      assertThat(home.events())
          .filteredOn(event -> event.getType().equals("hook-slow"))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getAttributes())
                      .containsEntry("direction", "pre")
                      .containsKeys("micros", "budget-micros"));
      home.advance(Duration.ofSeconds(11));
      home.request(accepted("r3", "one/small"));
      assertThat(home.eventTypes()).contains("hook-slow");
      assertThat(home.chain.status().getFirst().preHook().slow()).isEqualTo(3);
      FunctionCounter slow =
          home.meters.get(HookTally.SLOW_CALLS).tags("direction", "pre").functionCounter();
      assertThat(slow.count()).isEqualTo(3);
    }
  }

  @Test
  void shouldTellOfEachHookWhatItDid() {
    Hook responding =
        new Hook() {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            return PreHookResult.respond(Completion.ofText("x", "m", 1, "own", Usage.NONE));
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            throw new IllegalStateException("broken on purpose");
          }
        };
    try (HomeDriver home =
        new HomeDriver(stateDir, hook("plain", new Hook() {}), hook("own", responding))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));

      List<HookStatus> status = home.chain.status();
      assertThat(status.getFirst().preHook().calls()).isEqualTo(2);
      assertThat(status.getFirst().shortCircuits()).isZero();
      assertThat(status.getLast().shortCircuits()).isEqualTo(2);
      assertThat(status.getLast().postHook().errors()).isEqualTo(2);
      assertThat(status.getLast().preRequest().calls()).isZero();
      assertThat(status.getLast().preHook().maxMicros())
          .isGreaterThanOrEqualTo(status.getLast().preHook().meanMicros());
    }
  }

  @Test
  void shouldKeepWhateverAHookThrowsFromTheOthers() {
    Hook linkedWrong =
        new Hook() {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            throw new NoSuchMethodError("built against something else");
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            throw new StackOverflowError("on purpose");
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, hook("wrong", linkedWrong))) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(home.results()).hasSize(1);
      assertThat(home.events())
          .filteredOn(event -> event.getType().equals("hook-error"))
          .extracting(event -> event.getAttributes().get("error"))
          .containsExactly("java.lang.NoSuchMethodError", "java.lang.StackOverflowError");
    }
  }

  @Test
  void shouldNotTakeAFaultOfTheStageForOneOfTheHook() {
    MockProcessorContext<String, Object> context = new MockProcessorContext<>();
    ActiveHook active =
        hook(
            HookDescriptor.of("kept", "Keeps state.").stateBy(Scope.TENANT).build(), new Hook() {});
    try (PipelineEvents events =
        new PipelineEvents(
            new io.micrometer.core.instrument.simple.SimpleMeterRegistry(),
            () -> HomeDriver.START,
            event -> {})) {
      ExchangeContext seen =
          new ExchangeContext(
              active,
              accepted("r1", "m"),
              new Outlet(
                  context,
                  events,
                  new StageNodes("home", List.of()),
                  HomeScope.TENANT,
                  new CommitPace(Duration.ofMillis(100)).ofThisThread()),
              brokenStore());
      assertThatThrownBy(() -> seen.state().get("k")).isInstanceOf(ProcessorStateException.class);
      assertThatThrownBy(seen::rethrowFaultOfTheStage)
          .as("also when the hook swallowed it")
          .isInstanceOf(ProcessorStateException.class);
    }
  }

  @SuppressWarnings("unchecked")
  private static KeyValueStore<Bytes, byte[]> brokenStore() {
    return (KeyValueStore<Bytes, byte[]>)
        Proxy.newProxyInstance(
            HookFaultsTest.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              throw new ProcessorStateException(
                  method.getName() + Arrays.toString(arguments) + " cannot be read");
            });
  }
}
