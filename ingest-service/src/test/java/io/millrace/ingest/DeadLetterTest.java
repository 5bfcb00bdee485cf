package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.topic.DeadLetterHeaders.Origin;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

  private static final int MEGABYTE = 1024 * 1024;

  @Test
  void shouldFitOnTheTopicWhenEveryPartIsHuge() {
    Headers headers = new RecordHeaders().add("huge", new byte[2 * MEGABYTE]);

    Record<byte[], byte[]> letter =
        letter(new byte[2 * MEGABYTE], new byte[50 * MEGABYTE], headers);

    long size = letter.value().length + RecordSubmission.sizeBytes(letter.headers());
    assertThat(letter.key()).isNull();
    assertThat(size).isLessThan(Topic.MAX_RECORD_BYTES - 1024);
    assertThat(message(letter))
        .contains("the key of 2097152 bytes was left out")
        .contains("the value of 52428800 bytes was cut")
        .contains("were left out");
  }

  @Test
  void shouldKeepEverythingWhenItFits() {
    byte[] key = {1};
    byte[] value = new byte[2_000_000];
    Headers headers = new RecordHeaders().add("mine", new byte[] {2});

    Record<byte[], byte[]> letter = letter(key, value, headers);

    assertThat(letter.key()).isEqualTo(key);
    assertThat(letter.value()).isEqualTo(value);
    assertThat(letter.timestamp()).isEqualTo(8);
    assertThat(letter.headers().lastHeader("mine").value()).isEqualTo(new byte[] {2});
    assertThat(message(letter)).isEqualTo("what was wrong");
  }

  private static Record<byte[], byte[]> letter(byte[] key, byte[] value, Headers headers) {
    return DeadLetter.of(
        new Record<>(key, value, 7, headers),
        new Origin("t", 0, 1, 7),
        ErrorCode.UNDECODABLE.error("what was wrong"),
        8);
  }

  private static String message(Record<byte[], byte[]> letter) {
    return new String(
        letter.headers().lastHeader(HeaderNames.ERROR_MESSAGE).value(), StandardCharsets.UTF_8);
  }
}
