package io.millrace.stages;

import static io.millrace.stages.HomeDriver.hook;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Hooks that let exchanges wait, and a home stage to run them in. */
abstract class ParkingFixture {

  @TempDir Path stateDir;
  final List<String> calls = new ArrayList<>();

  /** Whether {@link #gate} lets requests pass. */
  boolean open;

  final HomeDriver driver(ActiveHook... hooks) {
    return new HomeDriver(stateDir.resolve("run-" + System.nanoTime()), hooks);
  }

  final ActiveHook recording(String name) {
    return hook(name, new RecordingHook(name, calls));
  }

  /** Defers until it is open. */
  final ActiveHook gate(Duration wait) {
    return hook(
        "gate",
        new RecordingHook("gate", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            super.preHook(request, context);
            return open ? PreHookResult.proceed(request) : PreHookResult.defer(wait);
          }
        });
  }

  /** Joins requests of one model. */
  final ActiveHook joining(String name) {
    return hook(
        name,
        new RecordingHook(name, calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            return PreHookResult.join(request, request.model());
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            calls.add(
                "<" + name + context.attribute("coalesced").map(id -> " of " + id).orElse(""));
            return outcome;
          }
        });
  }
}
