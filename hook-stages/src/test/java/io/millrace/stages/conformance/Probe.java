package io.millrace.stages.conformance;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.stages.HookSetting;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A hook that writes down when it is called, as {@code name>} and {@code <name}, and does what a
 * test wants it to. Made by one thread.
 */
final class Probe implements HookFactory {

  private final String name;
  private final List<String> calls;
  private UnaryOperator<HookDescriptor.Builder> description = UnaryOperator.identity();
  private BiFunction<CompletionRequest, HookContext, PreHookResult> pre =
      (request, context) -> PreHookResult.proceed(request);
  private BiFunction<Outcome, HookContext, Outcome> post = (outcome, context) -> outcome;
  private @Nullable BiFunction<RoutePlan, RequestContext, RoutePlan> plan;
  private @Nullable Exception atStart;

  Probe(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  Probe described(UnaryOperator<HookDescriptor.Builder> value) {
    description = value;
    return this;
  }

  Probe pre(BiFunction<CompletionRequest, HookContext, PreHookResult> value) {
    pre = value;
    return this;
  }

  Probe pre(PreHookResult result) {
    return pre((request, context) -> result);
  }

  Probe post(BiFunction<Outcome, HookContext, Outcome> value) {
    post = value;
    return this;
  }

  Probe plan(BiFunction<RoutePlan, RequestContext, RoutePlan> value) {
    plan = value;
    return this;
  }

  Probe failsToStart(Exception cause) {
    atStart = cause;
    return this;
  }

  Probe onError(OnError value) {
    return described(builder -> builder.onError(value));
  }

  HookSetting setting() {
    return HookSetting.of(this);
  }

  @Override
  public HookDescriptor descriptor() {
    return description.apply(HookDescriptor.of(name, "A hook under test.")).build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return plan == null ? new Recording() : new Routing(plan);
  }

  private class Recording implements Hook {
    @Override
    public void initialize() throws Exception {
      if (atStart != null) {
        throw atStart;
      }
    }

    @Override
    public PreHookResult preHook(CompletionRequest request, HookContext context) {
      calls.add(name + ">");
      return pre.apply(request, context);
    }

    @Override
    public Outcome postHook(Outcome outcome, HookContext context) {
      calls.add("<" + name);
      return post.apply(outcome, context);
    }
  }

  private final class Routing extends Recording {
    private final BiFunction<RoutePlan, RequestContext, RoutePlan> choice;

    Routing(BiFunction<RoutePlan, RequestContext, RoutePlan> choice) {
      this.choice = choice;
    }

    @Override
    public RoutePlan preRequest(RoutePlan given, RequestContext context) {
      calls.add(name + "?");
      return choice.apply(given, context);
    }
  }
}
