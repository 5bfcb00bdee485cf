package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/**
 * A stateful hook that notes each call and counts calls in its state: after each call it says what
 * its state has come to.
 */
class CountingHook implements Hook, HookFactory {

  /**
   * One call.
   *
   * @param hook who was called
   * @param direction which method
   * @param exchange tenant and request
   * @param attempt from 1
   * @param provider what the attempt aimed at
   * @param count how many such calls the hook's state knows of under the exchange's scope key
   */
  record Call(
      String hook, String direction, String exchange, int attempt, String provider, int count) {}

  final Queue<Call> calls;
  private final HookDescriptor descriptor;
  private final BiFunction<CompletionRequest, HookContext, PreHookResult> decision;

  CountingHook(
      String name,
      Scope scope,
      Queue<Call> calls,
      BiFunction<CompletionRequest, HookContext, PreHookResult> decision) {
    this.descriptor = HookDescriptor.of(name, "Counts its calls.").stateBy(scope).build();
    this.calls = calls;
    this.decision = decision;
  }

  CountingHook(String name, Scope scope, Queue<Call> calls) {
    this(name, scope, calls, (request, context) -> PreHookResult.proceed(request));
  }

  static Queue<Call> noCalls() {
    return new ConcurrentLinkedQueue<>();
  }

  ActiveHook active() {
    return HomeDriver.hook(descriptor, this);
  }

  HookSetting setting() {
    return HookSetting.of(this);
  }

  @Override
  public HookDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return this;
  }

  @Override
  public String scopeKey(CompletionRequest request, RequestContext context) {
    return "own of " + context.tenant();
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    note("pre", context);
    return decision.apply(request, context);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    note("post", context);
    return outcome;
  }

  private void note(String direction, HookContext context) {
    byte[] before = context.state().get(direction);
    int count =
        before == null ? 1 : Integer.parseInt(new String(before, StandardCharsets.UTF_8)) + 1;
    context.state().put(direction, Integer.toString(count).getBytes(StandardCharsets.UTF_8));
    calls.add(
        new Call(
            descriptor.name(),
            direction,
            context.tenant() + "/" + context.requestId(),
            context.attempt(),
            context.target().provider(),
            count));
  }

  /** What was called, as {@code hook.direction}, in order. */
  static List<String> names(Queue<Call> calls) {
    return calls.stream().map(call -> call.hook() + "." + call.direction()).toList();
  }
}
