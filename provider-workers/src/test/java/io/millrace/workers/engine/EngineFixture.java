package io.millrace.workers.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A provider of two engines that compute what a test says. */
@Timeout(60)
abstract class EngineFixture {

  static final Duration LONG = Duration.ofSeconds(30);
  final ScriptedEngine engine = new ScriptedEngine("first", "bin");
  final ScriptedEngine second = new ScriptedEngine("second", "gguf");
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<String> events = new CopyOnWriteArrayList<>();
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  final List<Provider> created = new ArrayList<>();

  @AfterEach
  void close() {
    created.forEach(Provider::close);
    callers.shutdownNow();
  }

  Provider provider(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>();
    all.put("model_files", Map.of("m", Map.of("resource", "m.bin")));
    all.putAll(settings);
    Provider provider =
        new EngineProviderFactory(
                List.of(engine, second),
                List.of(),
                meters,
                (type, attributes) -> events.add(type),
                now::get)
            .create("local", all);
    created.add(provider);
    return provider;
  }

  static ProviderRequest chat(String model, Duration timeout) {
    return new ProviderRequest(CompletionRequest.of(model, "hello"), model, "call", null, timeout);
  }

  static ProviderReply.Failure failure(ProviderReply reply) {
    assertThat(reply).isInstanceOf(ProviderReply.Failure.class);
    return (ProviderReply.Failure) reply;
  }
}
