package io.millrace.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.millrace.plugin.engine.ModelException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The network itself: tokens in, one vector out. One input at a time, for quantized networks give
 * an input another vector in other company. Thread-safe; what a call needs is freed before it
 * returns.
 */
final class Encoder implements AutoCloseable {

  private static final String TOKENS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final int RANK_PER_TOKEN = 3;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final EmbeddingOptions options;
  private final Set<String> inputs;
  private final String output;
  private final int dimensions;
  private final boolean perToken;

  /**
   * The network of a session.
   *
   * @throws ModelException when it does not take tokens or does not give vectors
   */
  Encoder(OrtEnvironment environment, OrtSession session, EmbeddingOptions options)
      throws ModelException {
    this.environment = environment;
    this.session = session;
    this.options = options;
    this.inputs = session.getInputNames();
    checkInputs();
    try {
      NodeInfo first = session.getOutputInfo().values().iterator().next();
      long[] shape = first.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
      if (shape.length < 2 || shape.length > RANK_PER_TOKEN || shape[shape.length - 1] < 1) {
        throw new ModelException(
            "the model's output %s has the shape %s; sentence models give [batch, tokens, numbers]"
                .formatted(first.getName(), Arrays.toString(shape)));
      }
      this.output = first.getName();
      this.perToken = shape.length == RANK_PER_TOKEN;
      this.dimensions = Math.toIntExact(shape[shape.length - 1]);
    } catch (OrtException e) {
      throw new ModelException("the model's outputs cannot be read: " + e.getMessage(), e);
    }
  }

  int dimensions() {
    return dimensions;
  }

  /** The vector of an input. */
  float[] encode(long[] tokens) throws OrtException {
    long[] mask = new long[tokens.length];
    Arrays.fill(mask, 1);
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      feed(fed, TOKENS, tokens);
      feed(fed, MASK, mask);
      feed(fed, TYPES, new long[tokens.length]);
      try (OrtSession.Result result = session.run(fed, Set.of(output))) {
        FloatBuffer numbers = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] vector = perToken ? pooled(numbers, tokens.length) : row(numbers, 0);
        return options.normalize() ? normalized(vector) : vector;
      }
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private void feed(Map<String, OnnxTensor> fed, String name, long[] values) throws OrtException {
    if (inputs.contains(name)) {
      fed.put(
          name,
          OnnxTensor.createTensor(
              environment, LongBuffer.wrap(values), new long[] {1, values.length}));
    }
  }

  private float[] pooled(FloatBuffer numbers, int tokens) {
    return switch (options.pooling()) {
      case CLS -> row(numbers, 0);
      case MEAN -> {
        double[] sum = new double[dimensions];
        for (int i = 0; i < tokens * dimensions; i++) {
          sum[i % dimensions] += numbers.get(i);
        }
        float[] mean = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
          mean[i] = (float) (sum[i] / tokens);
        }
        yield mean;
      }
    };
  }

  private float[] row(FloatBuffer numbers, int row) {
    float[] vector = new float[dimensions];
    numbers.get(row * dimensions, vector);
    return vector;
  }

  private static float[] normalized(float[] vector) {
    double squares = 0;
    for (float number : vector) {
      squares += (double) number * number;
    }
    double length = Math.max(Math.sqrt(squares), Float.MIN_NORMAL);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }

  private void checkInputs() throws ModelException {
    Set<String> unknown = new TreeSet<>(inputs);
    unknown.removeAll(Set.of(TOKENS, MASK, TYPES));
    if (!inputs.contains(TOKENS) || !unknown.isEmpty()) {
      throw new ModelException(
          "the model takes %s; sentence models take %s, %s and perhaps %s"
              .formatted(new TreeSet<>(inputs), TOKENS, MASK, TYPES));
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the model's memory cannot be freed", e);
    }
  }
}
