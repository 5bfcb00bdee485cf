package io.millrace.schemas.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class AnyTimeTest {

  @Test
  void shouldTakeANegativeTimeForNoneAndAnyOtherAsItIs() {
    assertThat(timeOf(-1)).isZero();
    assertThat(timeOf(Long.MIN_VALUE)).isZero();
    assertThat(timeOf(0)).isZero();
    assertThat(timeOf(1_800_000_000_000L)).isEqualTo(1_800_000_000_000L);
    assertThat(timeOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldBeWhatEveryApplicationOfThePipelineTakes() {
    var properties =
        StreamsDefaults.exactlyOnce(
            KafkaConnection.of("nowhere:1", "http://nowhere:1"), "a", Path.of("unused"), 1);
    assertThat(new StreamsConfig(properties).defaultTimestampExtractor())
        .isInstanceOf(AnyTime.class);
  }

  private static long timeOf(long timestamp) {
    return new AnyTime()
        .extract(
            new ConsumerRecord<>(
                "t",
                0,
                0,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                "key",
                "value",
                new RecordHeaders(),
                Optional.empty()),
            7);
  }
}
