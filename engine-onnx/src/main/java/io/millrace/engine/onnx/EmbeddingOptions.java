package io.millrace.engine.onnx;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLocation;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How vectors are made.
 *
 * @param maxTokens longer inputs are cut there, marks at the ends included; 8 to 8,192
 * @param pooling how the vectors of tokens become one
 * @param normalize whether vectors have length 1
 */
record EmbeddingOptions(int maxTokens, Pooling pooling, boolean normalize) {

  /** What the sentence-transformers models of this size were made for. */
  private static final int DEFAULT_MAX_TOKENS = 256;

  private static final int LEAST_MAX_TOKENS = 8;
  private static final int MOST_MAX_TOKENS = 8_192;

  /** How the vectors of an input's tokens become one. */
  enum Pooling {
    /** Their mean. */
    MEAN,
    /** The first one, of the mark at the beginning. */
    CLS
  }

  /**
   * Reads the options of a model.
   *
   * @throws ModelException naming the option that is wrong and what is right
   */
  static EmbeddingOptions of(ModelLocation location) throws ModelException {
    Map<String, Object> options = location.options();
    TreeSet<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeAll(Set.of("max_tokens", "pooling", "normalize"));
    if (!unknown.isEmpty()) {
      throw new ModelException(
          "there is no option '%s': options are max_tokens, normalize, pooling"
              .formatted(unknown.first()));
    }
    return new EmbeddingOptions(
        maxTokens(options.get("max_tokens")),
        pooling(options.get("pooling")),
        normalize(options.get("normalize")));
  }

  private static int maxTokens(@Nullable Object value) throws ModelException {
    if (value == null) {
      return DEFAULT_MAX_TOKENS;
    }
    try {
      int tokens = Integer.parseInt(value.toString());
      if (tokens >= LEAST_MAX_TOKENS && tokens <= MOST_MAX_TOKENS) {
        return tokens;
      }
    } catch (NumberFormatException e) {
      throw fault("max_tokens", value);
    }
    throw fault("max_tokens", value);
  }

  private static Pooling pooling(@Nullable Object value) throws ModelException {
    return switch (value == null ? "mean" : value.toString().toLowerCase(Locale.ROOT)) {
      case "mean" -> Pooling.MEAN;
      case "cls" -> Pooling.CLS;
      default -> throw fault("pooling", value);
    };
  }

  private static boolean normalize(@Nullable Object value) throws ModelException {
    return switch (value == null ? "true" : value.toString()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw fault("normalize", value);
    };
  }

  private static ModelException fault(String name, @Nullable Object value) {
    String right =
        switch (name) {
          case "max_tokens" ->
              "a whole number from %d to %d".formatted(LEAST_MAX_TOKENS, MOST_MAX_TOKENS);
          case "pooling" -> "mean or cls";
          default -> "true or false";
        };
    return new ModelException("%s must be %s, is '%s'".formatted(name, right, value));
  }
}
