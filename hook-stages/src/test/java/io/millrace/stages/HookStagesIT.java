package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Life of the stages on a broker: start, orders on the control topic, events, end. */
@ExtendWith(BrokerExtension.class)
class HookStagesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestBroker broker;
  private final TopicCatalogue topics;
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final AvroSerdes serdes = new AvroSerdes(registry);
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  @TempDir private Path state;

  HookStagesIT(TestBroker broker) {
    this.broker = broker;
    this.topics = broker.freshTopics(1);
  }

  @BeforeEach
  void createTopics() throws InterruptedException {
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, topics.all(List.of(TopicCatalogue.HOME), List.of("simulated")), (short) 1);
    }
  }

  @Test
  void shouldFollowOrdersAlsoThoseGivenBeforeTheStart() throws Exception {
    order("first", HookControl.switched("first", false, Instant.EPOCH, "eve"));
    try (HookStages stages = start(setting("first", true), setting("second", false))) {
      await().atMost(PATIENCE).until(stages::ready);
      assertThat(stages.hooks()).extracting(HookStatus::enabled).containsExactly(false, false);

      order("second", HookControl.switched("second", true, Instant.EPOCH, "eve"));
      order("first", null);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(stages.hooks())
                      .extracting(HookStatus::enabled)
                      .containsExactly(true, true));
      assertThat(stages.failure()).isEmpty();
    }
    assertThat(calls).containsExactly("open first", "open second", "close second", "close first");
    assertThat(heard).contains("plugin-active second");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(eventsOnTopic())
                    .contains(
                        "strategy-changed null",
                        "plugin-created first",
                        "plugin-initialized second",
                        "plugin-disabled first",
                        "plugin-active second",
                        "plugin-closed first"));
  }

  @Test
  void shouldLeaveNothingOpenWhenAHookCannotBeInitialized() throws Exception {
    // Other tests run stages in this process at the same time: those of this one are a group.
    ThreadGroup own = new ThreadGroup("a start that fails");
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread.ofPlatform()
        .group(own)
        .start(
            () ->
                failure.complete(
                    catchThrowable(() -> start(setting("first", true), setting("broken", true)))));
    assertThat(failure.get()).hasMessage("hook 'broken' cannot start: no licence");
    assertThat(calls).containsExactly("open first", "close first");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> own.equals(thread.getThreadGroup()))
                    .noneMatch(thread -> thread.getName().equals("millrace-control")));
  }

  private HookStages start(HookSetting... hooks) {
    HookStagesConfig config = StageConfigs.of(topics, state, List.of(hooks));
    return HookStages.start(
        config,
        KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid"),
        topics,
        new SimpleMeterRegistry(),
        registry);
  }

  private HookSetting setting(String name, boolean enabled) {
    return new HookSetting(name, new Recording(name), null, null, enabled, Map.of());
  }

  private void order(String hook, @Nullable Control order) throws Exception {
    try (KafkaProducer<String, Control> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            serdes.forType(Control.class).serializer())) {
      producer
          .send(new ProducerRecord<>(topics.control().name(), HookControl.subject(hook), order))
          .get(30, TimeUnit.SECONDS);
    }
  }

  private List<String> eventsOnTopic() {
    List<String> found = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topics.events().name(), 0);
    try (KafkaConsumer<String, PipelineEvent> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringDeserializer(),
            serdes.forType(PipelineEvent.class).deserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record ->
                    found.add(
                        record.value().getType()
                            + " "
                            + record.value().getAttributes().get("hook")));
      }
    }
    return found;
  }

  private final class Recording implements HookFactory {

    private final String name;

    Recording(String name) {
      this.name = name;
    }

    @Override
    public HookDescriptor descriptor() {
      return HookDescriptor.of(name, "Records its life.").build();
    }

    @Override
    public Hook create(Map<String, Object> config, HookEnvironment environment) {
      Events events = environment.events();
      return new Hook() {
        @Override
        public void initialize() {
          if (name.equals("broken")) {
            throw new IllegalStateException("no licence");
          }
          calls.add("open " + name);
          if (name.equals("first")) {
            var unused =
                events.subscribe(
                    event -> heard.add(event.type() + " " + event.attributes().get("hook")));
          }
        }

        @Override
        public void close() {
          calls.add("close " + name);
        }
      };
    }
  }
}
