package io.millrace.stages;

import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One hook of the chain.
 *
 * @param name its name in the chain; the same kind of hook may be there under several names
 * @param factory what creates it
 * @param onError what an exception in it does; null takes the hook's own default
 * @param order its place, lower first; null takes the hook's own
 * @param enabled whether it takes part from the start; it can be switched while running
 * @param config the hook's configuration, copied
 */
public record HookSetting(
    String name,
    HookFactory factory,
    @Nullable OnError onError,
    @Nullable Integer order,
    boolean enabled,
    Map<String, Object> config) {

  /** Copies the configuration. */
  public HookSetting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(factory, "factory");
    config = Map.copyOf(config);
  }

  /** What the hook says of itself under this configuration. */
  HookDescriptor descriptor() {
    return factory.descriptor(config);
  }

  /** A hook with its defaults, under its own name. */
  public static HookSetting of(HookFactory factory) {
    return new HookSetting(factory.descriptor().name(), factory, null, null, true, Map.of());
  }
}
