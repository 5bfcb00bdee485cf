package io.millrace.stages.hooks.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Tool;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again, and what is damaged is noticed. */
class ModelCodecPropertyTest {

  private static final int VALUES = 2_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldReadWhatItWrote(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < VALUES; i++) {
      Completion completion = completion(random);
      assertThat(ModelCodec.completion(ModelCodec.write(completion)))
          .as("seed %s", seed)
          .isEqualTo(completion);
      CompletionRequest request = request(random);
      assertThat(ModelCodec.request(ModelCodec.write(request)))
          .as("seed %s", seed)
          .isEqualTo(request);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldNeverDoWorseThanNotToReadDamagedBytes(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < VALUES; i++) {
      byte[] bytes =
          new StoredAnswer(1, 2, 3, 4, 5, false, ModelCodec.write(completion(random))).toBytes();
      for (int j = 0; j <= random.nextInt(3); j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      StoredAnswer stored = StoredAnswer.of(bytes);
      if (stored != null) {
        stored.completion();
        assertThat(stored.facts(1).uses()).isPositive();
      }
      Known known = Known.of(bytes);
      if (known != null) {
        known.asked();
      }
      Summary.of(bytes).toBytes();
    }
  }

  private static Completion completion(Random random) {
    return new Completion(
        text(random),
        text(random),
        random.nextLong(),
        list(
            random,
            () ->
                new Completion.Choice(
                    random.nextInt(), message(random), maybe(random), map(random))),
        new Usage(random.nextInt(99), random.nextLong(1L << 40), 0, random.nextInt(9)),
        map(random));
  }

  private static CompletionRequest request(Random random) {
    return new CompletionRequest(
        text(random),
        list(random, () -> message(random)),
        list(random, () -> tool(random)),
        maybe(random),
        maybe(random),
        random.nextBoolean() ? null : random.nextDouble(),
        random.nextBoolean() ? null : random.nextGaussian(),
        random.nextBoolean() ? null : random.nextInt(),
        list(random, () -> text(random)),
        random.nextBoolean() ? null : random.nextLong(),
        random.nextBoolean(),
        map(random),
        random.nextBoolean() ? RequestKind.CHAT : RequestKind.EMBEDDINGS);
  }

  private static Message message(Random random) {
    return new Message(
        text(random),
        content(random),
        maybe(random),
        list(random, () -> new ToolCall(text(random), text(random), text(random))),
        maybe(random),
        map(random));
  }

  private static @Nullable Content content(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> null;
      case 1 -> new Content.Text(text(random));
      default -> new Content.Parts(list(random, () -> part(random)));
    };
  }

  private static Content.Part part(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> new Content.TextPart(text(random));
      case 1 -> new Content.ImagePart(text(random), maybe(random));
      default -> new Content.OtherPart(text(random));
    };
  }

  private static Tool tool(Random random) {
    return random.nextBoolean()
        ? new Tool.Other(text(random))
        : new Tool.Function(
            text(random), maybe(random), maybe(random), random.nextBoolean() ? null : true);
  }

  private static <T> List<T> list(Random random, Supplier<T> each) {
    List<T> list = new ArrayList<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      list.add(each.get());
    }
    return list;
  }

  private static Map<String, String> map(Random random) {
    return random.nextBoolean() ? Map.of() : Map.of("a", text(random), "b", text(random));
  }

  private static @Nullable String maybe(Random random) {
    return random.nextBoolean() ? null : text(random);
  }

  private static String text(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "ä\u2028😀\u0000";
      case 2 -> "x".repeat(random.nextInt(300));
      default -> Integer.toString(random.nextInt());
    };
  }
}
