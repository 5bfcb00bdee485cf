package io.millrace.benchmarks;

import io.millrace.schemas.kafka.KafkaConnection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What the broker has written, by topic: how much a pipeline writes for each request is what it
 * costs the broker, on any machine.
 */
record LogVolume(Map<String, Volume> byTopic) {

  /**
   * What one topic has taken.
   *
   * @param records offsets used, transaction markers included
   * @param bytes on disk, compressed
   */
  record Volume(long records, long bytes) {

    static final Volume NOTHING = new Volume(0, 0);

    Volume plus(Volume other) {
      return new Volume(records + other.records, bytes + other.bytes);
    }

    Volume minus(Volume other) {
      return new Volume(records - other.records, bytes - other.bytes);
    }
  }

  static LogVolume of(KafkaConnection connection) throws InterruptedException {
    try (Admin admin = Admin.create(connection.clientProperties())) {
      Map<TopicPartition, Long> bytes = bytes(admin);
      Map<String, Volume> volumes = new HashMap<>();
      admin
          .listOffsets(
              bytes.keySet().stream()
                  .collect(Collectors.toMap(partition -> partition, p -> OffsetSpec.latest())))
          .all()
          .get()
          .forEach(
              (partition, end) ->
                  volumes.merge(
                      partition.topic(),
                      new Volume(end.offset(), bytes.getOrDefault(partition, 0L)),
                      Volume::plus));
      return new LogVolume(volumes);
    } catch (ExecutionException e) {
      throw new KafkaException("cannot read what the broker has written", e.getCause());
    }
  }

  private static Map<TopicPartition, Long> bytes(Admin admin)
      throws InterruptedException, ExecutionException {
    List<Integer> brokers =
        admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
    Map<TopicPartition, Long> bytes = new HashMap<>();
    for (Map<String, LogDirDescription> folders :
        admin.describeLogDirs(brokers).allDescriptions().get().values()) {
      for (LogDirDescription folder : folders.values()) {
        folder.replicaInfos().forEach((partition, info) -> bytes.put(partition, info.size()));
      }
    }
    bytes.keySet().removeIf(partition -> partition.topic().startsWith("__cluster_metadata"));
    return bytes;
  }

  /** What came since, the most bytes first; without topics that took nothing. */
  Map<String, Volume> since(LogVolume earlier) {
    Map<String, Volume> grown = new TreeMap<>();
    byTopic.forEach(
        (topic, volume) ->
            grown.put(topic, volume.minus(earlier.byTopic.getOrDefault(topic, Volume.NOTHING))));
    return grown.entrySet().stream()
        .filter(entry -> entry.getValue().records() > 0)
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Volume> e) -> e.getValue().bytes())
                .reversed())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                Map.Entry::getValue,
                Volume::plus,
                java.util.LinkedHashMap::new));
  }
}
