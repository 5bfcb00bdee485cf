package io.millrace.analytics;

import io.millrace.schemas.avro.ProviderCall;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Decodes calls and dates each by the moment it ended; sends what is no call to the dead letters. A
 * record without a value is passed over.
 */
final class DecodeProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

  /**
   * How far ahead of this machine's clock a call may be dated. One from further ahead is dated now:
   * else a single worker with a wrong clock would end everybody's windows.
   */
  static final Duration MAX_AHEAD = Duration.ofMinutes(1);

  private final CallDecoder decoder;
  private final AnalyticsMeters meters;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private DeadLetterBox deadLetters;

  DecodeProcessor(CallDecoder decoder, AnalyticsMeters meters) {
    this.decoder = decoder;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    deadLetters = new DeadLetterBox(context, AnalyticsTopology.DEAD_LETTERS_SINK, meters);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    switch (decoder.decode(record.value())) {
      case CallDecoder.Call(ProviderCall call) -> forward(record, call);
      case CallDecoder.Undecodable undecodable ->
          deadLetters.put(record, undecodable.code(), undecodable.message());
    }
  }

  private void forward(Record<byte[], byte[]> record, ProviderCall call) {
    if (!call.getProbe()) {
      meters.countCall();
    }
    Record<Object, Object> dated =
        new Record<>(call.getProvider(), call, dateOf(call), record.headers());
    context().forward(dated, AnalyticsTopology.HEALTH);
    // A look after a provider is nobody's call: it is no usage, and no user met its error.
    if (!call.getProbe()) {
      context().forward(dated, AnalyticsTopology.WINDOWS);
      context().forward(dated, AnalyticsTopology.ERROR_RATE);
    }
  }

  private long dateOf(ProviderCall call) {
    long now = context().currentSystemTimeMs();
    long endedAtMillis = call.getStartedAtMillis() + call.getLatencyMicros() / 1_000;
    if (endedAtMillis > now + MAX_AHEAD.toMillis()) {
      meters.countAhead();
      return now;
    }
    return Math.max(0, endedAtMillis);
  }
}
