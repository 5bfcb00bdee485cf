package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.analytics.AnalyticsConfig.ErrorRateSettings;
import io.millrace.analytics.AnalyticsConfig.WindowSettings;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new processor on the stores of an old one goes on where that one stopped. */
class ProcessorRestartTest {

  private static final long START = 1_800_000_000_000L;

  private final AnalyticsMeters meters = new AnalyticsMeters(new SimpleMeterRegistry());
  private final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  private final KeyValueStore<String, OpenWindow> windows =
      store(
          AnalyticsTopology.WINDOW_STORE,
          new OpenWindowSerde(serdes.forType(MetricWindow.class), 10));
  private final KeyValueStore<String, Long> clock =
      store(AnalyticsTopology.CLOCK_STORE, Serdes.Long());
  private final KeyValueStore<String, WatchedRate> rates =
      store(AnalyticsTopology.ERROR_RATE_STORE, new WatchedRateSerde());

  @BeforeEach
  void openStores() {
    MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    windows.init(context.getStateStoreContext(), windows);
    clock.init(context.getStateStoreContext(), clock);
    rates.init(context.getStateStoreContext(), rates);
  }

  @Test
  void shouldGoOnWithOpenWindowsAfterARestart() {
    run(this::windowProcessor, List.of(Calls.ok("p", "t", START + 1_000, 5_000)));

    List<MetricWindow> published =
        values(run(this::windowProcessor, List.of(Calls.ok("p", "t", START + 2_000, 5_000))));

    assertThat(published).extracting(MetricWindow::getRequests).containsExactly(2L);
  }

  @Test
  void shouldPublishAChangeThatARestartFellUpon() {
    WindowProcessor killed = windowProcessor();
    start(killed);
    killed.process(record(Calls.ok("p", "t", START + 1_000, 5_000)));

    assertThat(values(run(this::windowProcessor, List.of())))
        .extracting(MetricWindow::getRequests, MetricWindow::getClosed)
        .containsExactly(tuple(1L, false));
  }

  @Test
  void shouldNotOpenAClosedWindowAgainAfterARestart() {
    List<MetricWindow> before =
        values(
            run(
                this::windowProcessor,
                List.of(
                    Calls.ok("p", "t", START + 1_000, 5_000),
                    Calls.ok("p", "t", START + 75_000, 5_000))));
    assertThat(before)
        .filteredOn(MetricWindow::getClosed)
        .extracting(MetricWindow::getWindowStartMillis)
        .containsExactly(START);

    List<MetricWindow> after =
        values(run(this::windowProcessor, List.of(Calls.ok("p", "t", START + 2_000, 5_000))));

    assertThat(after).extracting(MetricWindow::getWindowStartMillis).containsOnly(START + 60_000);
  }

  @Test
  void shouldGoOnWithTheSameAlertAfterARestart() {
    List<Alert> first = values(run(this::rateProcessor, failures(START, 30)));
    List<Alert> second = values(run(this::rateProcessor, failures(START + 1_000, 30)));
    List<ProviderCall> calm = new ArrayList<>();
    calm.add(Calls.ok("p", "t", START + 100_000, 1_000));
    List<Alert> third = values(run(this::rateProcessor, calm));
    List<Alert> fourth =
        values(run(this::rateProcessor, List.of(Calls.ok("p", "t", START + 170_000, 1_000))));

    assertThat(first).extracting(Alert::getLevel).containsExactly(AlertLevel.CRITICAL);
    assertThat(second).as("no second alert for the same trouble").isEmpty();
    assertThat(third).as("calm has only begun").isEmpty();
    assertThat(fourth).extracting(Alert::getLevel).containsExactly(AlertLevel.RESOLVED);
    assertThat(fourth.getFirst().getAlertId()).isEqualTo(first.getFirst().getAlertId());
  }

  private WindowProcessor windowProcessor() {
    return new WindowProcessor(WindowSettings.defaults(), meters);
  }

  private ErrorRateProcessor rateProcessor() {
    return new ErrorRateProcessor(
        ErrorRateSettings.defaults(), WindowSettings.defaults().idleAfter(), meters);
  }

  private static List<ProviderCall> failures(long endedAtMillis, int count) {
    List<ProviderCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(Calls.failed("p", "t", endedAtMillis, "upstream_error"));
    }
    return calls;
  }

  /** Starts a processor, gives it calls, lets its clock strike once and stops it. */
  private <V> MockProcessorContext<String, V> run(
      Supplier<? extends Processor<String, ProviderCall, String, V>> supplier,
      List<ProviderCall> calls) {
    Processor<String, ProviderCall, String, V> processor = supplier.get();
    MockProcessorContext<String, V> context = start(processor);
    calls.forEach(call -> processor.process(record(call)));
    context.scheduledPunctuators().forEach(scheduled -> scheduled.getPunctuator().punctuate(START));
    processor.close();
    return context;
  }

  private <V> MockProcessorContext<String, V> start(
      Processor<String, ProviderCall, String, V> processor) {
    MockProcessorContext<String, V> context = new MockProcessorContext<>();
    context.setCurrentSystemTimeMs(START);
    context.addStateStore(windows);
    context.addStateStore(clock);
    context.addStateStore(rates);
    processor.init(context);
    return context;
  }

  private static Record<String, ProviderCall> record(ProviderCall call) {
    return new Record<>(
        call.getProvider(), call, call.getStartedAtMillis() + call.getLatencyMicros() / 1_000);
  }

  private static <V> List<V> values(MockProcessorContext<String, V> context) {
    List<V> values = new ArrayList<>();
    for (CapturedForward<? extends String, ? extends V> forward : context.forwarded()) {
      values.add(forward.record().value());
    }
    return values;
  }

  private static <V> KeyValueStore<String, V> store(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
        .withLoggingDisabled()
        .build();
  }
}
