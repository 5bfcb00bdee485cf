package io.millrace.benchmarks.micro;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.HookStages;
import io.millrace.stages.HookStagesConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The stages with different chains of hooks, from a request's bytes to its dispatch and from its
 * reply to its result, in Kafka's test driver: stores and encoding are real, there is no broker.
 * The driver's own work and the far side's (two encodings, one decoding) are in the figure.
 */
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HomeStageBenchmark {

  /**
   * Which hooks: the default ones, a number of hooks that do nothing, or one each of a number of
   * scopes beyond the tenant, which makes as many stage groups beyond home.
   */
  @Param({"default", "pass-0", "pass-1", "pass-5", "pass-20", "scope-1", "scope-2"})
  String chain = "default";

  private final TopicCatalogue topics = new TopicCatalogue("millrace.", 1);
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final Serde<Exchange> exchanges = new AvroSerdes(registry).forType(Exchange.class);
  private final String requestTopic = topics.stageRequests(TopicCatalogue.HOME).name();
  private final String replyTopic = topics.stageReplies(TopicCatalogue.HOME).name();
  private Path folder;
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> requests;
  private TestInputTopic<String, byte[]> replies;
  private TestOutputTopic<String, byte[]> dispatches;
  private TestOutputTopic<String, byte[]> results;
  private TestOutputTopic<String, byte[]> events;
  private long number;

  /** Opens the driver. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("millrace-b8-");
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "home-benchmark");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver =
        new TopologyTestDriver(
            HookStages.topology(
                HookStagesConfig.defaults(folder).withHooks(PassThrough.chain(chain)),
                topics,
                registry,
                new SimpleMeterRegistry()),
            properties,
            Instant.now());
    requests = input(topics.stageRequests(TopicCatalogue.HOME).name());
    replies = input(topics.stageReplies(TopicCatalogue.HOME).name());
    dispatches = output(topics.dispatch("simulated", Lane.STANDARD).name());
    results = output(topics.completions().name());
    events = output(topics.events().name());
  }

  /** Closes it; the stores' files go with it. */
  @TearDown(Level.Trial)
  public void close() {
    driver.close();
  }

  /** One exchange through both directions. */
  @Benchmark
  public byte[] acceptAndSettle() {
    Exchange request = Samples.accepted(number++, System.currentTimeMillis());
    requests.pipeInput(Samples.TENANT, exchanges.serializer().serialize(requestTopic, request));
    Exchange reply = exchanges.deserializer().deserialize(replyTopic, dispatches.readValue());
    reply.setOutcome(Samples.completion());
    replies.pipeInput(Samples.TENANT, exchanges.serializer().serialize(replyTopic, reply));
    events.readValuesToList();
    return results.readValue();
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }
}
