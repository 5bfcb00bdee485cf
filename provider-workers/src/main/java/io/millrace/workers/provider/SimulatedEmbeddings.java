package io.millrace.workers.provider;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Vectors without a model: of length 1, the same for the same seed and input, and about at right
 * angles for any two inputs.
 */
final class SimulatedEmbeddings {

  /** As many numbers as small real models give, unless the request says otherwise. */
  static final int DIMENSIONS = 256;

  private static final int MAX_DIMENSIONS = 4_096;
  private static final long HASH_FACTOR = 0x100000001B3L;
  private static final long HASH_START = 0xCBF29CE484222325L;

  private final long seed;
  private final InstantSource clock;

  SimulatedEmbeddings(long seed, InstantSource clock) {
    this.seed = seed;
    this.clock = clock;
  }

  /** The answer to a request for embeddings. */
  Completion answer(ProviderRequest request) {
    int dimensions = dimensions(request.request().extra().get("dimensions"));
    List<Message> inputs = Embeddings.inputs(request.request());
    List<float[]> vectors = new ArrayList<>(inputs.size());
    long characters = 0;
    for (Message input : inputs) {
      String text = text(input.content());
      characters += text.length();
      vectors.add(vector(text, dimensions));
    }
    return Embeddings.completion(
        "sim-" + Integer.toHexString(request.callId().hashCode()),
        request.model(),
        clock.instant().getEpochSecond(),
        vectors,
        Usage.of(SimulatedText.tokens(characters), 0));
  }

  private float[] vector(String text, int dimensions) {
    SplittableRandom random = new SplittableRandom(seed ^ hash(text));
    double[] drawn = random.doubles(dimensions, -1, 1).toArray();
    double length = 0;
    for (double number : drawn) {
      length += number * number;
    }
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (drawn[i] / Math.sqrt(length));
    }
    return vector;
  }

  /** FNV-1a in 64 bits: {@code String.hashCode} has texts that collide and look alike. */
  private static long hash(String text) {
    long hash = HASH_START;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * HASH_FACTOR;
    }
    return hash;
  }

  private static String text(@Nullable Content content) {
    return switch (content) {
      case null -> "";
      case Content.Text(String text) -> text;
      case Content.Parts parts -> parts.parts().toString();
    };
  }

  private static int dimensions(@Nullable String json) {
    try {
      return json == null ? DIMENSIONS : Math.clamp(Integer.parseInt(json), 1, MAX_DIMENSIONS);
    } catch (NumberFormatException e) {
      return DIMENSIONS;
    }
  }
}
