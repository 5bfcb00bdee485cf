package io.millrace.stages.hooks.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Tool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

  private final TokenEstimator exact = TokenEstimator.exact();

  @Test
  void shouldCountAsTheTokenizerDoes() {
    // 8 tokens of text and what is around a message.
    assertThat(tokens(exact, CompletionRequest.of("m", "The quick brown fox jumps over it.")))
        .isEqualTo(8 + 4);
    assertThat(tokens(TokenEstimator.rough(), CompletionRequest.of("m", "12345678"))).isEqualTo(6);
  }

  @Test
  void shouldEstimateByTheLengthWhenAPromptIsLong() {
    String sentence = "The quick brown fox jumps over the lazy dog. ";
    long one = tokens(exact, CompletionRequest.of("m", sentence.repeat(8)));
    long some = tokens(exact, CompletionRequest.of("m", sentence.repeat(100)));
    long many = tokens(exact, CompletionRequest.of("m", sentence.repeat(10_000)));
    assertThat(some).isBetween(one * 100 / 8 * 90 / 100, one * 100 / 8 * 110 / 100);
    assertThat(many / 100).isBetween(some * 90 / 100, some * 110 / 100);
  }

  @Test
  void shouldBeQuickWhateverTheTextIs() {
    for (String text : List.of("a", " ", "é", "漢", "🙂", "ab ", "\n", "=")) {
      CompletionRequest request = CompletionRequest.of("m", text.repeat(1_000_000));
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(30), () -> tokens(exact, request), "of '" + text + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldNeverEstimateMoreThanTheBound(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      CompletionRequest request = CompletionRequest.of("m", text(random));
      assertThat(tokens(exact, request))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(TokenBound.prompt(request, 0));
    }
  }

  @Test
  void shouldKnowTheBytesOfAnyText() {
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      String text = text(random);
      assertThat(TokenBound.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
    assertThat(TokenBound.bytes(null)).isZero();
  }

  @Test
  void shouldCountImagesAndToolsButNotTheBytesOfAnImage() {
    Content parts =
        new Content.Parts(
            List.of(
                new Content.TextPart("What is this?"),
                new Content.ImagePart("data:image/png;base64," + "A".repeat(100_000), null)));
    CompletionRequest request =
        CompletionRequest.of("m", "")
            .withMessages(List.of(new Message("user", parts, null, List.of(), null, Map.of())));
    assertThat(tokens(exact, request)).isBetween(800L, 820L);
    assertThat(TokenBound.prompt(request, 4_096)).isBetween(4_600L, 4_700L);
    Tool tool = new Tool.Function("look", "Looks.", "{\"type\":\"object\"}", null);
    CompletionRequest withTool =
        new CompletionRequest(
            "m",
            request.messages(),
            List.of(tool),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            false,
            Map.of());
    assertThat(tokens(exact, withTool)).isGreaterThan(tokens(exact, request));
    assertThat(TokenBound.prompt(withTool, 0)).isGreaterThan(TokenBound.prompt(request, 0));
  }

  @Test
  void shouldBoundTheCompletionByWhateverTheRequestSays() {
    assertThat(TokenBound.completion(request(null, Map.of()), 7)).isEqualTo(7);
    assertThat(TokenBound.completion(request(5, Map.of()), 7)).isEqualTo(5);
    assertThat(TokenBound.completion(request(null, Map.of("max_completion_tokens", "9")), 7))
        .isEqualTo(9);
    assertThat(TokenBound.completion(request(5, Map.of("n", "3")), 7)).isEqualTo(15);
    assertThat(TokenBound.completion(request(5, Map.of("n", "-3")), 7)).isEqualTo(5);
    assertThat(TokenBound.completion(request(-5, Map.of("n", "x")), 7)).isZero();
    assertThat(TokenBound.limitsCompletion(request(null, Map.of()))).isFalse();
    assertThat(TokenBound.limitsCompletion(request(null, Map.of("max_completion_tokens", "1"))))
        .isTrue();
  }

  private static CompletionRequest request(@Nullable Integer maxTokens, Map<String, String> extra) {
    return CompletionRequest.of("m", "Why?").withMaxTokens(maxTokens).withExtra(extra);
  }

  private static long tokens(TokenEstimator estimator, CompletionRequest request) {
    return estimator.prompt(request, "tenant");
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(200);
    for (int i = 0; i < length; i++) {
      int kind = random.nextInt(4);
      text.appendCodePoint(
          kind == 0
              ? 0x1F600 + random.nextInt(50)
              : kind == 1 ? 0x4E00 + random.nextInt(500) : ' ' + random.nextInt(200));
    }
    return text.toString();
  }
}
