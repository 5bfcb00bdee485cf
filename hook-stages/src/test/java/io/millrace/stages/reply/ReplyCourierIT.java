package io.millrace.stages.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Copies of results on a broker: to a topic that is there, and to one that is not at first. */
@ExtendWith(BrokerExtension.class)
class ReplyCourierIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestBroker broker;
  private final TopicCatalogue topics;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> lost = new CopyOnWriteArrayList<>();

  ReplyCourierIT(TestBroker broker) {
    this.broker = broker;
    this.topics = broker.freshTopics(1);
  }

  @Test
  void shouldCopyToATopicThatIsThereWhileAnotherIsMissing() throws Exception {
    create(topics.completions().name());
    String here = create(topics.prefix() + "here");
    String gone = topics.prefix() + "gone";
    result("r1", gone);
    result("r2", here);
    try (ReplyCourier courier = start(Set.of(here, gone))) {
      await().atMost(PATIENCE).until(() -> keysOn(here).equals(List.of("r2")));
      await().atMost(PATIENCE).until(() -> lost.contains("r1 " + gone + " missing"));
    }
    assertThat(keysOn(here)).containsExactly("r2");
    assertThat(
            meters.get(ReplyMeters.REPLIES).tag(ReplyMeters.OUTCOME, "missing").counter().count())
        .isEqualTo(lost.size());
  }

  @Test
  void shouldGoOnWhereItStoppedWhenItStartsAgain() throws Exception {
    create(topics.completions().name());
    String here = create(topics.prefix() + "here");
    result("r1", here);
    try (ReplyCourier courier = start(Set.of(here))) {
      await().atMost(PATIENCE).until(() -> sent() == 1);
    }
    result("r2", here);
    try (ReplyCourier courier = start(Set.of(here))) {
      await().atMost(PATIENCE).until(() -> sent() == 2);
    }
    assertThat(keysOn(here)).containsExactly("r1", "r2");
    assertThat(lost).isEmpty();
  }

  private ReplyCourier start(Set<String> allowed) {
    return ReplyCourier.start(
        topics.prefix() + "home",
        allowed,
        KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid"),
        topics,
        meters,
        (request, topic, reason) -> lost.add(request + " " + topic + " " + reason));
  }

  private double sent() {
    return meters.find(ReplyMeters.REPLIES).tag(ReplyMeters.OUTCOME, "sent").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private String create(String topic) throws Exception {
    try (Admin admin = broker.openAdmin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.of((short) 1))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    return topic;
  }

  private void result(String requestId, String replyTopic) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      ProducerRecord<String, String> result =
          new ProducerRecord<>(topics.completions().name(), requestId, "result");
      result
          .headers()
          .add(HeaderNames.SPRING_REPLY_TOPIC, replyTopic.getBytes(StandardCharsets.UTF_8));
      producer.send(result).get(30, TimeUnit.SECONDS);
    }
  }

  private List<String> keysOn(String topic) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      List<String> keys = new ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> keys.add(record.key()));
      }
      return keys;
    }
  }
}
