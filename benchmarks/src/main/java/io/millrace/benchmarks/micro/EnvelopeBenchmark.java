package io.millrace.benchmarks.micro;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The envelope as every hop encodes and decodes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EnvelopeBenchmark {

  private static final String TOPIC = "millrace.stage.home.requests";

  private final Serde<Exchange> serde =
      new AvroSerdes(new InMemorySchemaRegistry()).forType(Exchange.class);
  private final Exchange exchange = Samples.accepted(1, 0);
  private final byte[] bytes = serde.serializer().serialize(TOPIC, exchange);

  /** Object to bytes. */
  @Benchmark
  public byte[] encode() {
    return serde.serializer().serialize(TOPIC, exchange);
  }

  /** Bytes to object. */
  @Benchmark
  public Exchange decode() {
    return serde.deserializer().deserialize(TOPIC, bytes);
  }
}
