package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop with one place in flight, of which most of the work is for a model that is dead. */
class PostponedTurnsTest {

  private static final TopicPartition PARTITION = new TopicPartition("batch", 0);
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final Ending LATER =
      new Ending.Postponed(PAUSE, new Ending.Setback(0, 1, 0, 0), "dead");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockConsumer<byte[], byte[]> again = new MockConsumer<>("earliest");
  private final List<Delivery> begun = new CopyOnWriteArrayList<>();
  private final AheadTime time = new AheadTime();
  private final DispatchLoop loop =
      new DispatchLoop(
          consumer,
          () -> again,
          Map.of("batch", Lane.BATCH),
          this::call,
          new InFlightLimit(1, 0),
          new ReadAhead(1_000, Long.MAX_VALUE / 4),
          ProviderWorkersConfig.defaults().withGrace(Duration.ZERO, Duration.ofSeconds(20)),
          time,
          new WorkerMeters(registry, "p"));
  private final Thread thread = Thread.ofPlatform().unstarted(loop);
  private int offset;

  @AfterEach
  void stop() throws InterruptedException {
    loop.requestClose();
    thread.join(Duration.ofSeconds(30));
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void shouldBeginTheLivingWithinTwoTurnsHoweverManyAreDue() {
    start();
    consumer.schedulePollTask(() -> add(50, "t/dead", 0));
    await(() -> postponed() == 50);
    AtomicInteger before = new AtomicInteger();
    consumer.schedulePollTask(
        () -> {
          before.set(begun.size());
          time.setAhead(PAUSE.multipliedBy(2));
          add(1, "t/living", 0);
        });
    await(() -> begun.size() == 101);
    List<String> keys =
        begun.subList(before.get(), 101).stream()
            .map(each -> new String(each.record().key(), StandardCharsets.UTF_8))
            .toList();
    assertThat(keys.subList(0, 2)).contains("t/living");
  }

  @Test
  void shouldHandBackWhatIsPostponedInMemoryAndInTheTopic() throws InterruptedException {
    start();
    consumer.schedulePollTask(() -> add(20, "t/dead", (int) (Postponed.MAX_BYTES / 10)));
    await(() -> postponed() == 20);
    await(() -> registry.get(LaneMeters.BEHIND).tag(LaneMeters.LANE, "batch").gauge().value() == 1);
    loop.requestClose();
    thread.join(Duration.ofSeconds(30));
    assertThat(registry.get(WorkerMeters.HANDED_BACK).counter().count()).isEqualTo(20);
  }

  @Test
  void shouldHandBackWhatIsPostponedWhileItStops() throws InterruptedException {
    start();
    consumer.schedulePollTask(() -> add(2, "t/slow", 0));
    await(() -> begun.size() == 1);
    loop.requestClose();
    begun.getFirst().end(LATER);
    thread.join(Duration.ofSeconds(30));
    assertThat(registry.get(WorkerMeters.HANDED_BACK).counter().count()).isEqualTo(2);
  }

  /** The thread of the loop itself calls, so what is begun ends before the next turn. */
  private void call(Delivery delivery) {
    begun.add(delivery);
    switch (new String(delivery.record().key(), StandardCharsets.UTF_8)) {
      case "t/living" -> delivery.end(new Ending.Done());
      case "t/dead" -> delivery.end(LATER);
      default -> {} // the test does
    }
  }

  private double postponed() {
    return registry.get(WorkerMeters.POSTPONED).gauge().value();
  }

  private void add(int count, String key, int bytes) {
    byte[] value = new byte[bytes];
    for (int i = 0; i < count; i++) {
      consumer.addRecord(
          new ConsumerRecord<>("batch", 0, offset++, key.getBytes(StandardCharsets.UTF_8), value));
    }
  }

  private void start() {
    consumer.schedulePollTask(
        () -> {
          consumer.rebalance(List.of(PARTITION));
          consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        });
    thread.start();
    await(() -> consumer.assignment().size() == 1);
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
  }
}
