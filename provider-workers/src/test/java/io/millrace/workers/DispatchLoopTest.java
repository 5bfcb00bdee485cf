package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatchLoopTest {

  private static final TopicPartition URGENT = new TopicPartition("interactive", 0);
  private static final TopicPartition PLAIN = new TopicPartition("standard", 0);
  private static final TopicPartition BULK = new TopicPartition("batch", 0);
  private static final Map<String, Lane> LANES =
      Map.of("interactive", Lane.INTERACTIVE, "standard", Lane.STANDARD, "batch", Lane.BATCH);

  private static final int READ_AHEAD = 10;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockConsumer<byte[], byte[]> again = new MockConsumer<>("earliest");
  private final List<Delivery> begun = new CopyOnWriteArrayList<>();
  private final AheadTime time = new AheadTime();
  private final DispatchLoop loop =
      new DispatchLoop(
          consumer,
          () -> again,
          LANES,
          begun::add,
          new InFlightLimit(10, 20),
          new ReadAhead(READ_AHEAD, 1_000),
          ProviderWorkersConfig.defaults().withGrace(Duration.ZERO, Duration.ZERO),
          time,
          new WorkerMeters(registry, "p"));
  private final Thread thread = Thread.ofPlatform().unstarted(loop);

  @AfterEach
  void stop() throws InterruptedException {
    loop.requestClose();
    thread.join(Duration.ofSeconds(30));
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void shouldBeginNoMoreThanFitsAndKeepTheReserve() {
    start(PLAIN, URGENT);
    give(PLAIN, 20);
    await(() -> begun.size() == 8);
    give(URGENT, 5);
    await(() -> begun.size() == 10);
    assertThat(begun.subList(8, 10)).allMatch(d -> d.record().topic().equals("interactive"));
    begun.get(0).end(new Ending.Done());
    begun.get(1).end(new Ending.Done());
    await(() -> begun.size() == 12);
    assertThat(begun.subList(10, 12)).allMatch(d -> d.record().topic().equals("interactive"));
  }

  @Test
  void shouldServeStandardBeforeBatch() {
    start(PLAIN, BULK);
    consumer.schedulePollTask(
        () -> {
          add(BULK, 20);
          add(PLAIN, 4);
        });
    await(() -> begun.size() == 8);
    assertThat(begun).filteredOn(d -> d.record().topic().equals("standard")).hasSize(4);
  }

  @Test
  void shouldReadOnOnceThereIsRoomAgain() {
    start(PLAIN);
    consumer.schedulePollTask(
        () -> {
          for (int i = 0; i < 8 + READ_AHEAD + 1; i++) {
            consumer.addRecord(record(PLAIN, i, "t" + i + "/r"));
          }
        });
    await(() -> begun.size() == 8 && consumer.paused().contains(PLAIN));
    begun.getFirst().end(new Ending.Done());
    await(() -> begun.size() == 9);
    begun.get(1).end(new Ending.Done());
    await(() -> begun.size() == 10 && consumer.paused().isEmpty());
  }

  @Test
  void shouldReadAgainWhatWasMoreThanATenantsShare() {
    start(PLAIN);
    again.schedulePollTask(
        () -> {
          for (int offset = 0; offset < 30; offset++) {
            again.addRecord(record(PLAIN, offset, "t/r"));
          }
        });
    give(PLAIN, 30);
    await(
        () ->
            begun.size() == 8
                && registry.get(LaneMeters.BEHIND).gauges().stream()
                    .anyMatch(gauge -> gauge.value() == 1));
    for (int i = 0; i < 30; i++) {
      int next = i;
      await(() -> begun.size() > next);
      begun.get(next).end(new Ending.Done());
    }
    await(() -> committed(PLAIN).offset() == 30);
    assertThat(begun.stream().map(delivery -> delivery.record().offset()))
        .containsExactlyElementsOf(java.util.stream.LongStream.range(0, 30).boxed().toList());
  }

  @Test
  void shouldServeTenantsByTurns() {
    start(BULK);
    consumer.schedulePollTask(
        () -> {
          add(BULK, 12, "flood/r");
          consumer.addRecord(record(BULK, 12, "small/r"));
        });
    await(() -> begun.size() == 8);
    begun.get(0).end(new Ending.Done());
    begun.get(1).end(new Ending.Done());
    await(() -> begun.size() == 10);
    assertThat(begun.subList(0, 10))
        .anyMatch(d -> new String(d.record().key(), StandardCharsets.UTF_8).equals("small/r"));
  }

  @Test
  void shouldReportWhatEachLaneDoes() {
    start(PLAIN, URGENT);
    give(PLAIN, 12);
    await(() -> begun.size() == 8);
    give(URGENT, 1);
    await(() -> begun.size() == 9);
    begun.getFirst().end(new Ending.Open());
    await(() -> begun.size() == 10);
    await(() -> lane(LaneMeters.WAITING, "standard") == 3);
    assertThat(lane(LaneMeters.TENANTS, "standard")).isOne();
    assertThat(lane(LaneMeters.IN_FLIGHT, "standard")).isEqualTo(8);
    assertThat(lane(LaneMeters.IN_FLIGHT, "interactive")).isOne();
    assertThat(lane(LaneMeters.WAITING, "batch")).isZero();
    assertThat(registry.get(LaneMeters.BEGUN).tag(LaneMeters.LANE, "standard").counter().count())
        .isEqualTo(9);
    assertThat(registry.get(LaneMeters.WAIT).tag(LaneMeters.LANE, "interactive").timer().count())
        .isOne();
  }

  @Test
  void shouldSayWhatItHandsBackWhenItStops() throws InterruptedException {
    start(PLAIN);
    give(PLAIN, 11);
    await(() -> begun.size() == 8 && lane(LaneMeters.WAITING, "standard") == 3);
    loop.requestClose();
    thread.join(Duration.ofSeconds(30));
    assertThat(registry.get(WorkerMeters.HANDED_BACK).counter().count()).isEqualTo(11);
    assertThat(lane(LaneMeters.WAITING, "standard")).isZero();
  }

  @Test
  void shouldCommitTheLowWaterMarkAndWhatIsDoneBeyondIt() {
    start(PLAIN);
    give(PLAIN, 5);
    await(() -> begun.size() == 5);
    begun.get(0).end(new Ending.Done());
    begun.get(3).end(new Ending.Done());
    await(
        () ->
            committed(PLAIN).offset() == 1 && committed(PLAIN).metadata().startsWith("millrace1"));
    begun.get(1).end(new Ending.Done());
    begun.get(2).end(new Ending.Done());
    begun.get(4).end(new Ending.Done());
    await(() -> committed(PLAIN).offset() == 5 && committed(PLAIN).metadata().isEmpty());
  }

  @Test
  void shouldCommitNothingWhenAPartitionIsLostBeforeItsRecordsEnd() {
    start(PLAIN, URGENT);
    give(PLAIN, 3);
    await(() -> begun.size() == 3);
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(URGENT)));
    await(() -> consumer.assignment().equals(java.util.Set.of(URGENT)));
    begun.forEach(delivery -> delivery.end(new Ending.Done()));
    give(URGENT, 1);
    await(() -> begun.size() == 4);
    begun.get(3).end(new Ending.Done());
    await(() -> committed(URGENT).offset() == 1);
    assertThat(consumer.committed(java.util.Set.of(PLAIN)).get(PLAIN)).isNull();
  }

  @Test
  void shouldBeginAnewWhatWasPostponedAndGiveItsPlaceToOthersMeanwhile() {
    start(PLAIN);
    give(PLAIN, 10);
    await(() -> begun.size() == 8);
    Delivery first = begun.getFirst();
    Ending.Setback setback = new Ending.Setback(1, 2, 3, 7);
    first.end(new Ending.Postponed(Duration.ofHours(1), setback, "m"));
    await(() -> begun.size() == 9 && lane(LaneMeters.IN_FLIGHT, "standard") == 8);
    assertThat(begun.get(8).record().offset()).isEqualTo(8);
    await(() -> registry.get(WorkerMeters.POSTPONED).gauge().value() == 1);
    time.setAhead(Duration.ofHours(1));
    begun.get(1).end(new Ending.Done());
    await(() -> begun.size() == 10);
    assertThat(begun.get(9).record()).isSameAs(first.record());
    assertThat(begun.get(9).setback()).isEqualTo(setback);
    begun.get(9).end(new Ending.Done());
    await(() -> committed(PLAIN).offset() == 2);
  }

  @Test
  void shouldDropWhatWasPostponedWhenItsPartitionIsGone() {
    start(PLAIN, URGENT);
    give(PLAIN, 1);
    await(() -> begun.size() == 1);
    begun.getFirst().end(new Ending.Postponed(Duration.ofHours(1), Ending.Setback.NONE, "m"));
    await(() -> registry.get(WorkerMeters.POSTPONED).gauge().value() == 1);
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(URGENT)));
    await(() -> registry.get(WorkerMeters.POSTPONED).gauge().value() == 0);
    give(URGENT, 1);
    await(() -> begun.size() == 2);
    assertThat(begun.get(1).record().topic()).isEqualTo("interactive");
  }

  @Test
  void shouldSayWhyWhenItCannotGoOn() {
    start(PLAIN);
    await(loop::ready);
    consumer.setPollException(new AuthenticationException("wrong password"));
    await(() -> loop.failure().isPresent());
    assertThat(loop.failure().orElseThrow()).hasMessage("wrong password");
    await(() -> !loop.ready() && consumer.closed());
  }

  private void start(TopicPartition... partitions) {
    List<TopicPartition> all = List.of(partitions);
    consumer.schedulePollTask(
        () -> {
          consumer.rebalance(all);
          consumer.updateBeginningOffsets(
              all.stream().collect(java.util.stream.Collectors.toMap(p -> p, p -> 0L)));
        });
    thread.start();
    await(() -> consumer.assignment().size() == partitions.length);
  }

  private void give(TopicPartition partition, int count) {
    consumer.schedulePollTask(() -> add(partition, count));
  }

  private void add(TopicPartition partition, int count) {
    add(partition, count, "t/r");
  }

  private void add(TopicPartition partition, int count, String key) {
    for (int offset = 0; offset < count; offset++) {
      consumer.addRecord(record(partition, offset, key));
    }
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, long offset, String key) {
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        key.getBytes(StandardCharsets.UTF_8),
        new byte[0]);
  }

  private double lane(String meter, String lane) {
    return registry.get(meter).tag(LaneMeters.LANE, lane).gauge().value();
  }

  private OffsetAndMetadata committed(TopicPartition partition) {
    OffsetAndMetadata committed = consumer.committed(java.util.Set.of(partition)).get(partition);
    return committed == null ? new OffsetAndMetadata(0, "") : committed;
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
  }
}
