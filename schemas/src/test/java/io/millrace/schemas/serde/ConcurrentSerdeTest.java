package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.ToolCall;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConcurrentSerdeTest {

  private static final int THREADS = 64;
  private static final int ROUNDS = 300;

  static Stream<ExecutorService> executors() {
    return Stream.of(
        Executors.newVirtualThreadPerTaskExecutor(), Executors.newFixedThreadPool(THREADS));
  }

  @ParameterizedTest
  @MethodSource("executors")
  void shouldNotMixValuesUpWhenUsedByManyThreads(ExecutorService executor) throws Exception {
    Serde<ToolCall> serde = new AvroSerdes(new InMemorySchemaRegistry()).forType(ToolCall.class);
    CyclicBarrier together = new CyclicBarrier(THREADS);
    try (executor) {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        String own = "t" + thread;
        runs.add(
            executor.submit(
                () -> {
                  together.await();
                  for (int round = 0; round < ROUNDS; round++) {
                    ToolCall call = new ToolCall(own, own.repeat(round), "{}".repeat(round % 7));
                    byte[] frame = serde.serializer().serialize("t", call);
                    assertThat(serde.deserializer().deserialize("t", frame)).isEqualTo(call);
                  }
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
  }
}
