package io.millrace.analytics;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Figures of calls. Adding calls one by one and merging accumulators of parts of them give the same
 * figures, whatever the order. Latencies are kept in a DDSketch (Masson, Rim and Lee, VLDB 2019): a
 * percentile is within {@link #RELATIVE_ACCURACY} of the exact one. Not thread-safe.
 */
final class WindowAccumulator {

  /** How far a percentile may be off, relative to its value. */
  static final double RELATIVE_ACCURACY = 0.01;

  /** The most bins in a sketch: enough for latencies from 1 µs to a year without collapsing. */
  static final int MAX_BINS = 2_048;

  private final int maxErrorCodes;
  private final DDSketch latencies;
  private final Map<String, Long> errorsByCode = new TreeMap<>();
  private long requests;
  private long errors;
  private long promptTokens;
  private long completionTokens;
  private long costNanos;

  /** An accumulator without calls. */
  WindowAccumulator(int maxErrorCodes) {
    this(maxErrorCodes, DDSketches.collapsingLowestDense(RELATIVE_ACCURACY, MAX_BINS));
  }

  private WindowAccumulator(int maxErrorCodes, DDSketch latencies) {
    this.maxErrorCodes = maxErrorCodes;
    this.latencies = latencies;
  }

  /** The accumulator that {@link #toState} wrote. */
  static WindowAccumulator ofState(MetricWindow state, int maxErrorCodes) {
    WindowAccumulator restored = new WindowAccumulator(maxErrorCodes, decode(state));
    restored.addCounts(state);
    return restored;
  }

  void add(ProviderCall call) {
    requests++;
    latencies.accept(Math.max(0, call.getLatencyMicros()));
    costNanos += call.getCostNanos();
    Usage usage = call.getUsage();
    if (usage != null) {
      promptTokens += usage.getPromptTokens();
      completionTokens += usage.getCompletionTokens();
    }
    String errorCode = call.getErrorCode();
    if (errorCode != null) {
      errors++;
      addErrors(errorCode, 1);
    }
  }

  void mergeWith(WindowAccumulator other) {
    latencies.mergeWith(other.latencies);
    requests += other.requests;
    errors += other.errors;
    promptTokens += other.promptTokens;
    completionTokens += other.completionTokens;
    costNanos += other.costNanos;
    other.errorsByCode.forEach(this::addErrors);
  }

  /** What is published: percentiles worked out, the sketch as protocol buffers. */
  MetricWindow toPublished(WindowKey key, boolean closed) {
    MetricWindow window = counts(key);
    window.setLatencyP50Micros(percentile(0.50));
    window.setLatencyP95Micros(percentile(0.95));
    window.setLatencyP99Micros(percentile(0.99));
    window.setLatencySketch(latencies.serialize());
    window.setClosed(closed);
    return window;
  }

  /** What is stored: no percentiles, and the sketch in the library's own, quicker encoding. */
  MetricWindow toState(WindowKey key) {
    MetricWindow window = counts(key);
    window.setLatencySketch(encode(latencies));
    return window;
  }

  private MetricWindow counts(WindowKey key) {
    MetricWindow window = new MetricWindow();
    window.setWindowStartMillis(key.startMillis());
    window.setWindowEndMillis(key.startMillis() + AnalyticsConfig.WindowSettings.SIZE.toMillis());
    window.setProvider(key.provider());
    window.setModel(key.model());
    window.setTenant(key.tenant());
    window.setRequests(requests);
    window.setErrors(errors);
    window.setErrorsByCode(Map.copyOf(errorsByCode));
    window.setPromptTokens(promptTokens);
    window.setCompletionTokens(completionTokens);
    window.setCostNanos(costNanos);
    return window;
  }

  private void addCounts(MetricWindow state) {
    requests += state.getRequests();
    errors += state.getErrors();
    promptTokens += state.getPromptTokens();
    completionTokens += state.getCompletionTokens();
    costNanos += state.getCostNanos();
    state.getErrorsByCode().forEach(this::addErrors);
  }

  private void addErrors(String code, long count) {
    boolean told = errorsByCode.containsKey(code) || errorsByCode.size() < maxErrorCodes;
    errorsByCode.merge(told ? code : WindowKey.OTHER, count, Long::sum);
  }

  private long percentile(double quantile) {
    return latencies.isEmpty() ? 0 : Math.round(latencies.getValueAtQuantile(quantile));
  }

  private static ByteBuffer encode(DDSketch sketch) {
    try {
      var out = GrowingByteArrayOutput.withDefaultInitialCapacity();
      sketch.encode(out, false);
      return ByteBuffer.wrap(out.trimmedCopy());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DDSketch decode(MetricWindow state) {
    try {
      ByteBuffer sketch = state.getLatencySketch().duplicate();
      byte[] bytes = new byte[sketch.remaining()];
      sketch.get(bytes);
      return DDSketch.decode(
          ByteArrayInput.wrap(bytes), () -> new CollapsingLowestDenseStore(MAX_BINS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
