package io.millrace.schemas.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** JSON text → model → Avro bytes → model → JSON loses nothing, whatever the body. */
class LosslessnessTest {

  private static final int BODIES = 4_000;

  @Test
  void shouldKeepEveryFieldWhenRequestTravels() {
    forEachSeed(
        bodies -> {
          ObjectNode sent = bodies.request();
          Settled.assertSame(travelled(sent), Settled.request(sent));
        });
  }

  @Test
  void shouldKeepEveryFieldWhenCompletionTravels() {
    forEachSeed(
        bodies -> {
          ObjectNode sent = bodies.completion();
          var model = ChatCompletions.readCompletion(parsed(sent));
          var back = AvroModel.toModel(decoded(AvroModel.toAvro(model)));
          Settled.assertSame(
              parsed(ChatCompletions.writeCompletion(back)), Settled.completion(sent));
        });
  }

  private static JsonNode travelled(ObjectNode sent) throws Exception {
    var model = ChatCompletions.readRequest(parsed(sent));
    CompletionRequest record = AvroModel.toAvro(model, envelope());
    return parsed(ChatCompletions.writeRequest(AvroModel.toModel(decoded(record))));
  }

  private static JsonNode parsed(JsonNode tree) throws InvalidBodyException {
    return ChatCompletions.parse(tree.toString().getBytes(UTF_8));
  }

  @SuppressWarnings("unchecked")
  private static <T extends SpecificRecord> T decoded(T record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<T>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return (T)
        new SpecificDatumReader<>(record.getSchema())
            .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
  }

  private static CompletionRequest envelope() {
    CompletionRequest envelope = new CompletionRequest();
    envelope.setLane(Lane.BATCH);
    envelope.setFallbacks(List.of());
    envelope.setHints(Map.of());
    return envelope;
  }

  private static void forEachSeed(Check check) {
    for (long seed = 0; seed < BODIES; seed++) {
      try {
        check.of(new RandomBodies(new SplittableRandom(seed)));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @FunctionalInterface
  private interface Check {
    void of(RandomBodies bodies) throws Exception;
  }
}
