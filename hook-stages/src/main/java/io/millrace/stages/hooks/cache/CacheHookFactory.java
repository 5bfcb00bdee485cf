package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** Creates the {@code cache} hook. Every key of its configuration is in its schema. */
public final class CacheHookFactory implements HookFactory {

  private static final String SCHEMA = schema();

  @Override
  public HookDescriptor descriptor() {
    return descriptor(Scope.TENANT);
  }

  @Override
  public HookDescriptor descriptor(Map<String, Object> config) {
    return descriptor(CacheConfig.of(config).shared() ? Scope.OWN : Scope.TENANT);
  }

  private static HookDescriptor descriptor(Scope scope) {
    return HookDescriptor.of(
            "cache",
            "Answers requests that were answered before; equal ones in flight share a call.")
        .stateBy(scope)
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    CacheConfig settings = CacheConfig.of(config);
    return new CacheHook(
        settings.shared() ? settings.perShare(Shares.COUNT) : settings,
        Strategies.create(settings, config),
        environment);
  }

  private static String schema() {
    try (InputStream file =
        Objects.requireNonNull(
            CacheHookFactory.class.getResourceAsStream("cache-schema.json"), "cache-schema.json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
