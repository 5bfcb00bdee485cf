package io.millrace.embedded.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a broker that died without a word must not leave behind. */
@Timeout(180)
class BrokerKillIT {

  private static final List<TopicPartition> PARTITIONS =
      IntStream.range(0, 40).mapToObj(i -> new TopicPartition("topic-" + i / 4, i % 4)).toList();
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(1);

  @TempDir private Path folder;

  @Test
  void shouldEndEveryPartOfAnOpenTransactionWhenKilled() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(folder)) {
      createTopics(broker);
      try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
        producer.initTransactions();
        producer.beginTransaction();
        for (TopicPartition partition : PARTITIONS) {
          producer.send(record(partition));
        }
        producer.flush();
        broker.close();
        producer.close(Duration.ZERO);
      }
    }
    try (BrokerProcess broker = BrokerProcess.start(folder);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .untilAsserted(
              () ->
                  assertThat(ends(admin, IsolationLevel.READ_COMMITTED))
                      .isEqualTo(ends(admin, IsolationLevel.READ_UNCOMMITTED)));
    }
  }

  private static void createTopics(BrokerProcess broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      List<NewTopic> topics =
          PARTITIONS.stream()
              .map(TopicPartition::topic)
              .distinct()
              .map(topic -> new NewTopic(topic, 4, (short) 1))
              .toList();
      admin.createTopics(topics).all().get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(BrokerProcess broker) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("transactional.id", "killed");
    properties.put("transaction.timeout.ms", (int) TRANSACTION_TIMEOUT.toMillis());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static ProducerRecord<byte[], byte[]> record(TopicPartition partition) {
    return new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[] {1});
  }

  private static Map<String, Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
    Map<TopicPartition, OffsetSpec> latest =
        PARTITIONS.stream()
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    Map<String, Long> ends = new TreeMap<>();
    admin
        .listOffsets(latest, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .forEach((partition, end) -> ends.put(partition.toString(), end.offset()));
    return ends;
  }
}
