package io.millrace.workers;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.RequestKind;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatChunks;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Opens the streams of attempts whose callers want them. Thread-safe. */
final class ChunkStreams {

  private final WorkerRecords records;
  private final Producer<byte[], byte[]> producer;
  private final ChunkFilter filter;
  private final TimeSource time;
  private final ChunkMeters meters;
  private final WorkerEvents events;

  ChunkStreams(
      WorkerRecords records,
      Producer<byte[], byte[]> producer,
      ChunkFilter filter,
      TimeSource time,
      ChunkMeters meters,
      WorkerEvents events) {
    this.records = records;
    this.producer = producer;
    this.filter = filter;
    this.time = time;
    this.meters = meters;
    this.events = events;
  }

  /**
   * The stream of one delivery; null where the caller waits for the whole answer, or a hook wants
   * to see it before the caller does.
   */
  @Nullable ChunkStream open(Exchange exchange) throws InterruptedException {
    CompletionRequest request = exchange.getRequest();
    CompletionRequest changed = exchange.getEffectiveRequest();
    boolean wholeForAHook = changed != null && !changed.getStream();
    if (!request.getStream() || wholeForAHook || request.getKind() != RequestKind.CHAT) {
      return null;
    }
    String stream = UUID.randomUUID().toString();
    ChunkOutlet outlet =
        new ChunkOutlet(
            producer,
            (sequence, json, error) -> encode(exchange, stream, sequence, json, error),
            meters);
    return new ChunkStream(
        new StreamProgress(exchange, filter.of(ran(exchange)), events, time),
        outlet,
        ChatChunks.wantsUsage(request.getExtra()));
  }

  private ProducerRecord<byte[], byte[]> encode(
      Exchange exchange,
      String stream,
      long sequence,
      @Nullable String json,
      @Nullable PipelineError error) {
    CompletionChunk chunk = new CompletionChunk();
    chunk.setStream(stream);
    chunk.setSequence(sequence);
    chunk.setJson(json);
    chunk.setLast(json == null);
    chunk.setError(error == null ? null : AvroModel.toAvro(error));
    chunk.setAtMillis(time.now().toEpochMilli());
    return records.chunk(exchange, chunk);
  }

  /** The outermost group's hooks ran first. */
  private static List<String> ran(Exchange exchange) {
    return exchange.getFrames().stream().map(Frame::getHooks).flatMap(List::stream).toList();
  }
}
