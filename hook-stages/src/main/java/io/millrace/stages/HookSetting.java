package io.millrace.stages;

import io.millrace.plugin.hook.OnError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One hook of the chain.
 *
 * @param name the name of a known hook, see {@link HookChain}
 * @param onError what an exception in it does; null takes the hook's own default
 * @param config the hook's configuration, copied
 */
public record HookSetting(String name, @Nullable OnError onError, Map<String, Object> config) {

  /** Copies the configuration. */
  public HookSetting {
    config = Map.copyOf(config);
  }

  /** A hook with its defaults. */
  public static HookSetting of(String name) {
    return new HookSetting(name, null, Map.of());
  }
}
