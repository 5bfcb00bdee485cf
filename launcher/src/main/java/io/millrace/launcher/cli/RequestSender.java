package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends requests over the requests topic, or as an operator where credentials are required, and
 * waits for results. Not thread-safe.
 */
final class RequestSender implements AutoCloseable {

  private static final Duration RESULT_POLL = Duration.ofMillis(250);

  private final Topic requests;
  private final Topic completions;
  private final SchemaRegistry registry;
  private final KafkaProducer<String, CompletionRequest> producer;
  private final Optional<OperatorOutlet> operator;
  private final Deserializer<CompletionResult> results;
  private final TopicTail tail;
  private final Optional<StreamPrinter> stream;

  private RequestSender(
      KafkaConnection connection,
      TopicCatalogue topics,
      Optional<OperatorOutlet> operator,
      Optional<PrintWriter> out) {
    this.operator = operator;
    requests = topics.requests();
    completions = topics.completions();
    registry = connection.openRegistry();
    AvroSerdes serdes = new AvroSerdes(registry);
    results = serdes.forType(CompletionResult.class).deserializer();
    tail = TopicTail.open(connection, completions, TopicTail.From.END);
    stream = out.map(writer -> StreamPrinter.open(connection, topics, serdes, writer));
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    producer =
        new KafkaProducer<>(
            properties,
            new StringSerializer(),
            serdes.forType(CompletionRequest.class).serializer());
  }

  /**
   * Opens it; results that are written from now on are seen.
   *
   * @param out where answers are written while they come, if they shall be
   */
  static RequestSender open(
      KafkaConnection connection, GlobalOptions global, Optional<PrintWriter> out) {
    MillraceConfig config = global.clientConfig();
    TopicCatalogue topics = config.topicCatalogue();
    PipelineTopics.require(connection, topics.requests());
    PipelineTopics.require(connection, topics.completions());
    return new RequestSender(
        connection, topics, operator(connection, config, global.dataDir()), out);
  }

  /** Where credentials are required, a record without one is refused on the requests topic. */
  private static Optional<OperatorOutlet> operator(
      KafkaConnection connection, MillraceConfig config, Path dataDir) {
    return config.auth().required()
        ? Optional.of(
            new OperatorOutlet(
                connection, config, new ServiceConfigs(config, dataDir).ingest(0).admission()))
        : Optional.empty();
  }

  /** Sends a request and returns its id when the broker has it. */
  String send(CompletionRequest request) {
    String requestId = Objects.requireNonNull(request.getRequestId());
    try {
      if (operator.isPresent()) {
        operator.get().send(request);
      } else {
        producer.send(new ProducerRecord<>(requests.name(), requestId, request)).get();
      }
      return requestId;
    } catch (ExecutionException e) {
      throw new CommandFailure(
          "the broker did not take the request (%s)".formatted(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while sending", e);
    }
  }

  /** Waits for a result; empty when it does not come in time. */
  Optional<CompletionResult> await(String requestId, Duration timeout) {
    byte[] key = requestId.getBytes(StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      stream.ifPresent(printer -> printer.print(requestId));
      for (ConsumerRecord<byte[], byte[]> taken :
          tail.poll(stream.isPresent() ? Duration.ZERO : RESULT_POLL)) {
        if (Arrays.equals(taken.key(), key)) {
          return Optional.of(results.deserialize(completions.name(), taken.value()));
        }
      }
    }
    return Optional.empty();
  }

  /** What was written of an answer while it came. */
  String streamed() {
    return stream.map(StreamPrinter::text).orElse("");
  }

  @Override
  public void close() {
    try (registry;
        tail) {
      stream.ifPresent(StreamPrinter::close);
      operator.ifPresent(OperatorOutlet::close);
      producer.close();
    }
  }
}
