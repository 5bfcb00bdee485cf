package io.millrace.plugin.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {

  @Test
  void shouldGiveEveryVectorBackBitForBit() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      float[] vector = new float[random.nextInt(300)];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = Float.intBitsToFloat(random.nextInt());
      }
      assertThat(Embeddings.decoded(Embeddings.encoded(vector)))
          .as("seed %d", seed)
          .isEqualTo(vector);
    }
  }

  @Test
  void shouldWriteTheLittleEndFirst() {
    assertThat(Embeddings.encoded(new float[] {1f})).isEqualTo("AACAPw==");
  }

  @Test
  void shouldKeepVectorsInTheOrderOfTheInputs() {
    Completion answer =
        Embeddings.completion(
            "id", "m", 7, List.of(new float[] {1, 2}, new float[] {3}), Usage.of(4, 0));

    assertThat(Embeddings.in(answer)).isTrue();
    assertThat(Embeddings.vectors(answer)).containsExactly(new float[] {1, 2}, new float[] {3});
    assertThat(answer.choices().get(1).index()).isEqualTo(1);
  }

  @Test
  void shouldTellEmbeddingsFromChats() {
    Completion chat = Completion.ofText("id", "m", 7, "text", Usage.NONE);

    assertThat(Embeddings.in(chat)).isFalse();
    assertThatThrownBy(() -> Embeddings.vectors(chat)).hasMessage("choice 0 has no embedding");
    assertThat(CompletionRequest.of("m", "x").kind()).isEqualTo(RequestKind.CHAT);
  }

  @Test
  void shouldReadTextsAndRefuseWhatIsNone() {
    CompletionRequest request = Embeddings.request("m", List.of("a", "b"));
    assertThat(Embeddings.texts(request)).containsExactly("a", "b");

    Content image = new Content.Parts(List.of(new Content.ImagePart("https://x", null)));
    Message message = new Message("user", image, null, List.of(), null, Map.of());
    assertThatThrownBy(
            () -> Embeddings.texts(request.withMessages(List.of(Message.user("a"), message))))
        .hasMessageStartingWith("input[1] is not a text");
  }

  @Test
  void shouldRefuseBytesThatAreNoVector() {
    assertThatThrownBy(() -> Embeddings.decoded("AAA="))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 bytes are no vector of at most 65536 floats");
    assertThatThrownBy(() -> Embeddings.encoded(new float[65_537]))
        .hasMessage("a vector has at most 65536 numbers, not 65537");
  }

  @Test
  void shouldKeepTheKindWhateverIsChanged() {
    CompletionRequest request = Embeddings.request("m", List.of("a"));

    assertThat(request.withModel("n").kind()).isEqualTo(RequestKind.EMBEDDINGS);
    assertThat(request.withMessages(List.of()).kind()).isEqualTo(RequestKind.EMBEDDINGS);
    assertThat(request.withExtra(Map.of("a", "1")).kind()).isEqualTo(RequestKind.EMBEDDINGS);
    assertThat(request.withMaxTokens(3).kind()).isEqualTo(RequestKind.EMBEDDINGS);
  }
}
