package io.millrace.schemas.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How far a history reads; what it tells needs a broker and is tested where it is relayed. */
class RequestHistoryTest {

  private final TopicCatalogue catalogue = new TopicCatalogue("t.", 1);
  private final TopicPartition events = new TopicPartition(catalogue.events().name(), 0);
  private final Timed consumer = new Timed();

  RequestHistoryTest() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (var topic : List.of(catalogue.events(), catalogue.attempts(), catalogue.completions())) {
      consumer.updatePartitions(
          topic.name(),
          List.of(new PartitionInfo(topic.name(), 0, null, new Node[0], new Node[0])));
      ends.put(new TopicPartition(topic.name(), 0), 0L);
    }
    consumer.updateBeginningOffsets(ends);
    ends.put(events, 2L);
    consumer.updateEndOffsets(ends);
  }

  private RequestHistory open(HistoryQuery query) {
    HistoryTopics topics = new HistoryTopics(catalogue);
    AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
    return new RequestHistory(consumer, topics, new HistoryDecoder(topics, serdes, query), query);
  }

  private void add(long offset) {
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    consumer.addRecord(new ConsumerRecord<>(events.topic(), 0, offset, other, other));
  }

  @Test
  void shouldTellThatItDidNotReadToTheEndFromThatTheOldestAreLeftOut() {
    try (RequestHistory history = open(HistoryQuery.since("t", "r", 0, 100))) {
      assertThat(history.past(Duration.ZERO)).isEmpty();
      assertThat(history.unread()).isTrue();
      assertThat(history.cut()).isFalse();
    }
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void shouldReadForAsLongAsItMayAndSayHowMuch() {
    try (RequestHistory history = open(HistoryQuery.since("t", "r", 0, 100))) {
      AtomicLong asked = new AtomicLong();
      AtomicLong most = new AtomicLong();
      assertThat(
              history.past(
                  read -> {
                    most.set(read);
                    long times = asked.getAndIncrement();
                    if (times == 3 || times == 6) {
                      add(times / 3 - 1);
                    }
                    return true;
                  }))
          .isEmpty();
      assertThat(asked).hasValue(7);
      assertThat(most).hasValue(1);
      assertThat(history.unread()).isFalse();
    }
  }

  @Test
  void shouldNotLookForTheResultOfARequestThatIsOver() {
    HistoryQuery query = HistoryQuery.since("t", "r", 0, 100);
    String completions = catalogue.completions().name();
    try (RequestHistory open = open(query)) {
      assertThat(consumer.assignment()).extracting(TopicPartition::topic).contains(completions);
      assertThat(open.cut()).isFalse();
    }
    HistoryTopics topics = new HistoryTopics(catalogue);
    assertThat(topics.partitionsOf(query.until(5, Set.of("p")), consumerAgain()))
        .extracting(TopicPartition::topic)
        .containsExactlyInAnyOrder(events.topic(), catalogue.attempts().name());
  }

  private static Timed consumerAgain() {
    return new RequestHistoryTest().consumer;
  }

  /** Kafka's own stand-in knows no times; everything is from the beginning of time here. */
  private static final class Timed extends MockConsumer<byte[], byte[]> {

    Timed() {
      super("earliest");
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
      times.keySet().forEach(each -> found.put(each, new OffsetAndTimestamp(0, 0)));
      return found;
    }
  }
}
