package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hooks may choose before the first attempt (contract cases H20, H21). */
class PreRequestTest {

  @TempDir Path stateDir;
  private final List<String> calls = new ArrayList<>();

  @Test
  void shouldAskEachHookOnceInOrderAndGoByTheLastPlan() {
    try (HomeDriver home =
        new HomeDriver(
            stateDir,
            hook("a", choosing("a", (plan, context) -> plan.withTarget(new Target("two", "big")))),
            hook("b", choosing("b", (plan, context) -> plan)),
            hook(
                "c",
                choosing(
                    "c",
                    (plan, context) -> plan.withFallbacks(List.of(new Target("one", "small"))))))) {
      home.request(accepted("r1", "one/small"));
      Exchange first = home.dispatched().getFirst();
      assertThat(first.getTarget().getProvider()).isEqualTo("two");
      home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
      home.reply(answered(home.dispatched().getFirst(), "yes"));

      CompletionResult result = home.results().getFirst();
      assertThat(result.getProvider()).isEqualTo("one");
      assertThat(result.getRequestedModel()).isEqualTo("one/small");
      assertThat(calls).containsExactly("a", "b", "c");
      List<PipelineEvent> routes =
          home.events().stream().filter(e -> e.getType().equals("route-selected")).toList();
      assertThat(routes).extracting(PipelineEvent::getSource).containsExactly("a", "c");
      assertThat(routes.getFirst().getAttributes()).containsEntry("target", "two/big");
      assertThat(routes.getLast().getAttributes()).containsEntry("fallbacks", "one/small");
    }
  }

  @Test
  void shouldStartEveryAttemptFromTheRequestThatItLeft() {
    Hook changing =
        new Hook() {
          @Override
          public RoutePlan preRequest(RoutePlan plan, RequestContext context) {
            return plan.withRequest(plan.request().withMessages(List.of(Message.user("better"))));
          }

          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            calls.add(request.messages().getFirst().text());
            return PreHookResult.proceed(
                request.withMessages(List.of(Message.user("attempt " + context.attempt()))));
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, hook("a", changing))) {
      home.request(accepted("r1", "one/small", "two/big"));
      Exchange first = home.dispatched().getFirst();
      home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
      Exchange second = home.dispatched().getFirst();

      assertThat(calls).containsExactly("better", "better");
      assertThat(first.getRequest().getMessages().getFirst().getContent())
          .isEqualTo("What is a millrace?");
      assertThat(second.getEffectiveRequest().getMessages().getFirst().getContent())
          .isEqualTo("attempt 2");
    }
  }

  @Test
  void shouldDispatchTheRequestThatItLeftWhenNoPreHookChangesIt() {
    Hook changing =
        choosing(
            "a",
            (plan, context) ->
                plan.withRequest(plan.request().withMessages(List.of(Message.user("better")))));
    try (HomeDriver home = new HomeDriver(stateDir, hook("a", changing))) {
      home.request(accepted("r1", "one/small"));
      assertThat(
              home.dispatched()
                  .getFirst()
                  .getEffectiveRequest()
                  .getMessages()
                  .getFirst()
                  .getContent())
          .isEqualTo("better");
    }
  }

  @Test
  void shouldFindATargetForAModelThatNobodyAnswersFor() {
    Hook choosing =
        choosing(
            "a",
            (plan, context) -> {
              assertThat(plan.target()).isNull();
              return plan.withTarget(new Target("one", "small"));
            });
    try (HomeDriver home = new HomeDriver(stateDir, hook("a", choosing))) {
      home.request(accepted("r1", "nobody/unknown"));
      assertThat(home.dispatched()).hasSize(1);
    }
  }

  @Test
  void shouldEndWithModelNotFoundWhenThereIsNoTargetAfterAll() {
    try (HomeDriver home =
        new HomeDriver(stateDir, hook("a", choosing("a", (plan, context) -> plan)))) {
      home.request(accepted("r1", "nobody/unknown"));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("model_not_found");
    }
  }

  @Test
  void shouldResolveTheModelThatAHookPutInPlaceOfAnUnknownOne() {
    Hook renaming =
        choosing("a", (plan, context) -> plan.withRequest(plan.request().withModel("two/big")));
    try (HomeDriver home = new HomeDriver(stateDir, hook("a", renaming))) {
      home.request(accepted("r1", "nobody/unknown"));
      assertThat(home.dispatched().getFirst().getTarget().getProvider()).isEqualTo("two");
    }
  }

  @Test
  void shouldFallBackWhenAHookChoosesAProviderThatIsNotConfigured() {
    Hook lost = choosing("a", (plan, context) -> plan.withTarget(new Target("nobody", "m")));
    try (HomeDriver home = new HomeDriver(stateDir, hook("a", lost))) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.request(accepted("r2", "one/small"));
      assertThat(home.dispatched())
          .singleElement()
          .satisfies(next -> assertThat(next.getTarget().getProvider()).isEqualTo("two"));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("provider_unavailable");
    }
  }

  @Test
  void shouldGoOnWithThePlanAsItWasOrEndWhenAHookThrows() {
    Hook throwing =
        choosing(
            "a",
            (plan, context) -> {
              throw new IllegalStateException("broken on purpose");
            });
    try (HomeDriver home =
        new HomeDriver(stateDir.resolve("continue"), hook("a", throwing, OnError.CONTINUE))) {
      home.request(accepted("r1", "one/small"));
      assertThat(home.dispatched()).hasSize(1);
      assertThat(home.eventTypes()).contains("hook-error");
    }
    try (HomeDriver home =
        new HomeDriver(stateDir.resolve("fail"), hook("a", throwing, OnError.FAIL))) {
      home.request(accepted("r1", "one/small", "two/big"));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("hook_failed");
      assertThat(home.pendingFallbacks()).isZero();
    }
  }

  @Test
  void shouldSeeTheStateThatPreHooksOfTheSameTenantWrote() {
    Hook remembering =
        new Hook() {
          @Override
          public RoutePlan preRequest(RoutePlan plan, RequestContext context) {
            byte[] model = context.state().get("model");
            return model == null
                ? plan
                : plan.withTarget(new Target("two", new String(model, StandardCharsets.UTF_8)));
          }

          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            context.state().put("model", "big".getBytes(StandardCharsets.UTF_8));
            return PreHookResult.proceed(request);
          }
        };
    HookDescriptor descriptor =
        HookDescriptor.of("sticky", "Remembers.").stateBy(Scope.TENANT).build();
    try (HomeDriver home = new HomeDriver(stateDir, hook(descriptor, remembering))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      assertThat(home.dispatched())
          .extracting(exchange -> exchange.getTarget().getModel())
          .containsExactly("small", "big");
    }
  }

  @Test
  void shouldRefuseStateThatIsNotAtTheHomeStage() {
    List<String> refusals = new ArrayList<>();
    Hook reaching =
        choosing(
            "a",
            (plan, context) -> {
              try {
                context.state().get("x");
              } catch (IllegalStateException e) {
                refusals.add(Objects.requireNonNull(e.getMessage()));
              }
              return plan;
            });
    HookDescriptor content =
        HookDescriptor.of("shared", "Wants all tenants.").stateBy(Scope.CONTENT).build();
    try (HomeDriver home = new HomeDriver(stateDir, hook(content, reaching))) {
      home.request(accepted("r1", "one/small"));
      assertThat(refusals)
          .containsExactly(
              "hook 'shared' has no state in preRequest: its scope is CONTENT, and the request is"
                  + " not at that key yet");
    }
  }

  private Hook choosing(String name, BiFunction<RoutePlan, RequestContext, RoutePlan> choice) {
    return new Hook() {
      @Override
      public RoutePlan preRequest(RoutePlan plan, RequestContext context) {
        calls.add(name);
        return choice.apply(plan, context);
      }
    };
  }
}
