package io.millrace.benchmarks.micro;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import io.millrace.stages.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The key of a request at the cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ContentHashBenchmark {

  private static final Target TARGET = new Target("simulated", "any");

  private static final String WITH_TOOLS =
      """
      {"model":"simulated/any","temperature":0.2,"max_tokens":300,"seed":7,"user":"ann",
       "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Weather?"}],
       "response_format":{"type":"json_schema","json_schema":{"name":"w","schema":
         {"type":"object","properties":{"c":{"type":"number","minimum":-90.0}}}}},
       "tools":[{"type":"function","function":{"name":"weather","description":"Of a place.",
         "parameters":{"type":"object","properties":{"place":{"type":"string"},
         "days":{"type":"integer","maximum":14}},"required":["place"]}}}]}\
      """;

  private final CompletionRequest plain = AvroModel.toModel(Samples.accepted(1, 0).getRequest());
  private final CompletionRequest tools = parsed(WITH_TOOLS);

  /** A prompt of about 1 KB and nothing else. */
  @Benchmark
  public String plain() {
    return ContentHash.of(plain, TARGET);
  }

  /** Parameters, a tool and a format for the answer. */
  @Benchmark
  public String tools() {
    return ContentHash.of(tools, TARGET);
  }

  private static CompletionRequest parsed(String body) {
    try {
      JsonNode tree = ChatCompletions.parse(body.getBytes(StandardCharsets.UTF_8));
      return ChatCompletions.readRequest(tree);
    } catch (InvalidBodyException e) {
      throw new IllegalStateException(e);
    }
  }
}
