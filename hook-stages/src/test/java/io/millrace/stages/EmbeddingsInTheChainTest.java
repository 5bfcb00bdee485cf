package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Target;
import io.millrace.stages.hooks.texts.TextMapping;
import io.millrace.stages.hooks.tokens.TokenBound;
import io.millrace.stages.hooks.tokens.TokenEstimator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the chain makes of a request for embeddings. */
class EmbeddingsInTheChainTest {

  private static final Target TARGET = new Target("one", "small");
  private static final CompletionRequest REQUEST = Embeddings.request("m", List.of("Hello"));

  @Test
  void shouldHashAnInputUnlikeAChat() {
    assertThat(hash(REQUEST)).isNotEqualTo(hash(CompletionRequest.of("m", "Hello")));
  }

  @Test
  void shouldHashEncodingsTheSameAndDimensionsNot() {
    assertThat(hash(REQUEST.withExtra(Map.of("encoding_format", "\"base64\""))))
        .isEqualTo(hash(REQUEST));
    assertThat(hash(REQUEST.withExtra(Map.of("user", "\"ann\"")))).isEqualTo(hash(REQUEST));
    assertThat(hash(REQUEST.withExtra(Map.of("dimensions", "256")))).isNotEqualTo(hash(REQUEST));
    assertThat(hash(Embeddings.request("m", List.of("Hel", "lo")))).isNotEqualTo(hash(REQUEST));
  }

  @Test
  void shouldReserveNothingForWhatIsNotGenerated() {
    assertThat(TokenBound.completion(REQUEST, 4_096)).isZero();
    assertThat(TokenBound.limitsCompletion(REQUEST)).isTrue();
    assertThat(TokenBound.prompt(REQUEST, 0)).isGreaterThanOrEqualTo(5);
  }

  @Test
  void shouldCountInputsThatComeInTokens() {
    Content tokens =
        new Content.Parts(
            List.of(new Content.OtherPart("{\"type\":\"input_tokens\",\"tokens\":[1,2,3,4,5]}")));
    CompletionRequest request =
        REQUEST.withMessages(List.of(new Message("user", tokens, null, List.of(), null, Map.of())));

    assertThat(TokenEstimator.rough().prompt(request, "t")).isBetween(5L, 12L);
  }

  @Test
  void shouldRedactInputsAndKeepTheKind() {
    TextMapping mapping =
        new TextMapping(
            text -> text.replace("Hello", "***"),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity());

    CompletionRequest redacted = mapping.of(REQUEST);
    assertThat(Embeddings.texts(redacted)).containsExactly("***");
    assertThat(redacted.kind()).isEqualTo(RequestKind.EMBEDDINGS);
  }

  private static String hash(CompletionRequest request) {
    return ContentHash.of(request, TARGET);
  }
}
