package io.millrace.benchmarks.micro;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.Scope;
import io.millrace.stages.BuiltInHooks;
import io.millrace.stages.HookSetting;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A hook that does nothing: what it costs is what the pipeline adds for a hook. */
final class PassThrough implements HookFactory {

  private final HookDescriptor descriptor;

  private PassThrough(String name, Scope scope) {
    HookDescriptor.Builder builder = HookDescriptor.of(name, "Does nothing.");
    descriptor = scope == Scope.NONE ? builder.build() : builder.stateBy(scope).build();
  }

  /** The chain of a name: {@code default}, {@code pass-N} or {@code scope-N}. */
  static List<HookSetting> chain(String name) {
    if (name.equals("default")) {
      return BuiltInHooks.defaultChain();
    }
    int number = Integer.parseInt(name.substring(name.indexOf('-') + 1));
    List<Scope> scopes =
        name.startsWith("scope-")
            ? List.of(Scope.CONTENT, Scope.PROVIDER).subList(0, number)
            : IntStream.range(0, number).mapToObj(i -> Scope.NONE).toList();
    return IntStream.range(0, number)
        .mapToObj(i -> HookSetting.of(new PassThrough("pass-" + i, scopes.get(i))))
        .toList();
  }

  @Override
  public HookDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new Hook() {};
  }
}
