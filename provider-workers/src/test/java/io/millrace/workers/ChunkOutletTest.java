package io.millrace.workers;

import static io.millrace.workers.RecordedStream.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.openai.MergedText;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ChunkOutletTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ChunkOutlet outlet = ChunkOutlets.to(producer, meters);

  private List<String> sent() {
    return ChunkOutlets.sent(producer);
  }

  /** Sends what leaves at once in any case. */
  private void begin() throws InterruptedException {
    for (int i = 0; i < ChunkOutlet.SENT_AT_ONCE; i++) {
      outlet.send(text("s" + i));
    }
    assertThat(sent()).hasSize(ChunkOutlet.SENT_AT_ONCE);
  }

  private void acknowledgeAll() {
    while (producer.completeNext()) {
      // until nothing is on its way
    }
  }

  private double merged() {
    return meters.get(ChunkMeters.MERGED).counter().count();
  }

  @Test
  void shouldMergeWhileSomethingIsOnItsWayAndSendWhenItHasArrived() throws Exception {
    begin();
    outlet.send(text("a"));
    outlet.send(text("b"));
    outlet.send(text("c"));
    assertThat(sent()).hasSize(4);
    acknowledgeAll();
    Awaitility.await().until(() -> sent().size() == 5);
    assertThat(sent().getLast()).isEqualTo("4:" + text("abc"));
    assertThat(merged()).isEqualTo(2);
    outlet.end(null);
    assertThat(sent()).hasSize(6).last().isEqualTo("5:null");
    assertThat(meters.get(ChunkMeters.CHUNKS).counter().count()).isEqualTo(7);
  }

  @Test
  void shouldSendAtOnceWhenNothingIsOnItsWay() throws Exception {
    begin();
    for (int i = 4; i < 20; i++) {
      acknowledgeAll();
      outlet.send(text("x"));
      assertThat(sent()).hasSize(i + 1);
    }
    assertThat(merged()).isZero();
  }

  @Test
  void shouldKeepTheOrderWhenAPieceCannotBeMerged() throws Exception {
    begin();
    outlet.send(text("a"));
    outlet.send(text("b"));
    outlet.send("{\"other\":1}");
    outlet.send(text("c"));
    outlet.end(ErrorCode.STREAM_INTERRUPTED.error("stopped"));
    assertThat(sent().subList(4, sent().size()))
        .containsExactly(
            "4:" + text("ab"), "5:{\"other\":1}", "6:" + text("c"), "7:stream_interrupted");
  }

  @Test
  void shouldSendARecordThatIsFullThoughOthersAreOnTheirWay() throws Exception {
    begin();
    String half = text("x".repeat(MergedText.MAX_CHARACTERS / 2));
    for (int i = 0; i < 5; i++) {
      outlet.send(half);
    }
    assertThat(sent()).hasSize(6);
    outlet.end(null);
    assertThat(sent()).hasSize(8);
  }

  @Test
  void shouldSendNothingMoreWhenThatOnItsWayIsRefused() throws Exception {
    begin();
    outlet.send(text("a"));
    producer.errorNext(new RecordTooLargeException("too large"));
    acknowledgeAll();
    outlet.send(text("b"));
    outlet.end(null);
    assertThat(sent()).hasSize(4);
    assertThat(meters.get(ChunkMeters.BROKEN_STREAMS).counter().count()).isOne();
  }

  @Test
  void shouldLoseNothingHoweverAcknowledgementsCome() throws Exception {
    StringBuilder expected = new StringBuilder();
    // No virtual thread: one that never waits may keep the others from a machine's only carrier.
    Thread broker =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    producer.completeNext();
                    Thread.yield();
                  }
                });
    for (int i = 0; i < 5_000; i++) {
      outlet.send(text(i + ","));
      expected.append(i).append(',');
      if (i % 3 == 0) {
        Thread.yield();
      }
    }
    outlet.end(null);
    broker.interrupt();
    broker.join();
    String all =
        String.join("", sent())
            .replaceAll("\\d+:\\{\"choices.*?\"content\":\"([0-9,]*)\"}}]}", "$1");
    assertThat(all).startsWith(expected).endsWith(":null");
    for (int i = 0; i < sent().size(); i++) {
      assertThat(sent().get(i)).startsWith(i + ":");
    }
  }
}
