package io.millrace.stages;

import static io.millrace.stages.Exchanges.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.stages.hooks.cache.CacheFill;
import io.millrace.stages.hooks.cache.CacheHookFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a large cache takes to come back from its changelog, and in how much memory. Only when
 * asked for: {@code -Dmillrace.test.cache.entries=1000000}.
 */
@ExtendWith(BrokerExtension.class)
@EnabledIfSystemProperty(named = CacheRestoreIT.ENTRIES, matches = "[0-9]+")
class CacheRestoreIT {

  static final String ENTRIES = "millrace.test.cache.entries";

  private final TestBroker broker;
  @TempDir private Path folder;

  CacheRestoreIT(TestBroker broker) {
    this.broker = broker;
  }

  @Test
  void shouldAnswerFromALargeCacheAfterItWasRestored() throws Exception {
    List<HookSetting> chain = List.of(HookSetting.of(new CacheHookFactory()));
    int entries = Integer.getInteger(ENTRIES);
    try (BrokerPipeline pipeline = new BrokerPipeline(broker, folder.resolve("state"))) {
      pipeline.start(chain);
      pipeline.request(pipeline.accepted("r1", "one/small"));
      pipeline.reply(answered(pipeline.dispatched(), "yes"));
      pipeline.result();
      pipeline.stop();
      fill(pipeline.topics().prefix() + "home-hook-cache-changelog", entries);
      delete(folder.resolve("state"));
      report("before", entries);
      long begin = System.nanoTime();
      pipeline.start(chain, Duration.ofMinutes(5));
      long seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      report("restored in " + seconds + " ms", entries);
      pipeline.request(pipeline.accepted("r2", "one/small"));
      assertThat(pipeline.result().getResponseHeaders().get("x-millrace-cache")).isEqualTo("hit");
    }
  }

  private void fill(String changelog, int entries) {
    byte[] scope = "acme".getBytes(StandardCharsets.UTF_8);
    SplittableRandom random = new SplittableRandom(1);
    byte[] hash = new byte[32];
    long now = System.currentTimeMillis();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < entries; i++) {
        random.nextBytes(hash);
        byte[] own = CacheFill.key(HexFormat.of().formatHex(hash)).getBytes(StandardCharsets.UTF_8);
        byte[] key =
            ByteBuffer.allocate(Integer.BYTES + scope.length + own.length)
                .putInt(scope.length)
                .put(scope)
                .put(own)
                .array();
        var unused =
            producer.send(new ProducerRecord<>(changelog, 0, key, CacheFill.answer(i, now)));
      }
    }
  }

  private static void report(String what, int entries) throws Exception {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("");
    System.out.println("%d entries, %s: heap %d MiB, %s".formatted(entries, what, heap, resident));
  }

  private static void delete(Path tree) throws Exception {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
