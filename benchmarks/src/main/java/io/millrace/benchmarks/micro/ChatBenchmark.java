package io.millrace.benchmarks.micro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** OpenAI's chat completions: what comes in over HTTP and what goes out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChatBenchmark {

  private final CompletionRequest request = AvroModel.toModel(Samples.accepted(1, 0).getRequest());
  private final Completion completion = AvroModel.toModel(Samples.completion());
  private final byte[] requestBody = bytes(ChatCompletions.writeRequest(request));
  private final byte[] completionBody = bytes(ChatCompletions.writeCompletion(completion));

  /** A caller's body to a request. */
  @Benchmark
  public CompletionRequest readRequest() throws InvalidBodyException {
    return ChatCompletions.readRequest(ChatCompletions.parse(requestBody));
  }

  /** A request to the body for a provider. */
  @Benchmark
  public byte[] writeRequest() {
    return bytes(ChatCompletions.writeRequest(request));
  }

  /** A provider's body to a completion. */
  @Benchmark
  public Completion readCompletion() throws InvalidBodyException {
    return ChatCompletions.readCompletion(ChatCompletions.parse(completionBody));
  }

  /** A completion to the body for a caller. */
  @Benchmark
  public byte[] writeCompletion() {
    return bytes(ChatCompletions.writeCompletion(completion));
  }

  private static byte[] bytes(ObjectNode body) {
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
