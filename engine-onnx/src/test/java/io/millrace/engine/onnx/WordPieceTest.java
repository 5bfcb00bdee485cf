package io.millrace.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelSource.Data;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected tokens are those of Hugging Face's own library for the same file. */
class WordPieceTest {

  private static final int MAX = 64;
  private static WordPiece tokenizer;

  @BeforeAll
  static void read() throws Exception {
    try (InputStream in =
        Objects.requireNonNull(
            WordPieceTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json"))) {
      tokenizer = WordPiece.read(new Data.InMemory(in.readAllBytes()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello world                  | 7592 2088",
        "Hello, World!                | 7592 1010 2088 999",
        "unaffable                    | 14477 20961 3468",
        "antidisestablishmentarianism | 3424 10521 4355 7875 13602 3672 12199 2964",
        "don't stop-believing         | 2123 1005 1056 2644 1011 8929",
        "price: $5.00 (approx.)       | 3976 1024 1002 1019 1012 4002 1006 22480 1012 1007",
        "A^B`C~D                      | 1037 1034 1038 1036 1039 1066 1040",
        "Ünïcödé ÇA VA?               | 27260 6187 12436 1029",
        "naïve café résumé            | 15743 7668 13746",
        "ΑΒΓΣ ς                       | 1155 29720 29721 29733 1172",
        "İstanbul                     | 9960",
        "ß straße                     | 1096 2358 27807",
        "日本語テスト                 | 1864 1876 1950 1713 30233 30240",
        "中文 mixed with English      | 1746 1861 3816 2007 2394",
        "한국어                       | 1469 30006 30021 29991 30014 30020 29999 30008",
        "Привет мир                   | 1194 16856 10325 25529 15290 22919 1191 10325 16856",
        "नमस्ते                       | 1327 29867 29874 29859",
        "ไทย                          | 100",
        "😀 emoji                     | 100 7861 29147 2072",
        "“quotes” — dash…             | 1523 16614 1524 1517 11454 1529",
        "ﬁ ligature                   | 1984 8018 11244"
      })
  void shouldCutTextsAsTheModelWasTrained(String text, String expected) {
    assertThat(tokenizer.tokens(text, MAX)).isEqualTo(marked(expected));
  }

  @Test
  void shouldLeaveOutWhatCannotBeSeen() {
    assertThat(tokenizer.tokens("zero\u200bwidth", MAX)).isEqualTo(marked("5717 9148 11927 2232"));
    assertThat(tokenizer.tokens("soft\u00adhyphen", MAX)).isEqualTo(marked("3730 10536 8458 2368"));
    assertThat(tokenizer.tokens("ctrl\u0001x", MAX)).isEqualTo(marked("14931 12190 2595"));
    assertThat(tokenizer.tokens("\ufffd rep", MAX)).isEqualTo(marked("16360"));
  }

  @Test
  void shouldTakeEverySpaceForOne() {
    assertThat(tokenizer.tokens("a\tb\nc\r d", MAX)).isEqualTo(marked("1037 1038 1039 1040"));
    assertThat(tokenizer.tokens("nb\u00a0sp", MAX)).isEqualTo(marked("1050 2497 11867"));
    assertThat(tokenizer.tokens("  leading and trailing  ", MAX))
        .isEqualTo(marked("2877 1998 12542"));
    assertThat(tokenizer.tokens("", MAX)).isEqualTo(new long[] {101, 102});
  }

  @Test
  void shouldTakeNamesOfSpecialTokensForText() {
    assertThat(tokenizer.tokens("[SEP]", MAX)).isEqualTo(marked("1031 19802 1033"));
  }

  @Test
  void shouldNotKnowWordsThatAreTooLong() {
    assertThat(tokenizer.tokens("x".repeat(101), MAX)).isEqualTo(marked("100"));
    assertThat(tokenizer.tokens("x".repeat(100), 256)).hasSizeGreaterThan(10);
  }

  @Test
  void shouldEndEveryTextWithinTheBound() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(60), 0, 0x11000)
          .forEach(c -> text.append((char) (c < 0x10000 ? c : ' ')));
      int max = random.nextInt(8, 40);
      long[] tokens = tokenizer.tokens(text.toString(), max);

      assertThat(tokens).as("seed %d, text %s", seed, text).hasSizeBetween(2, max);
      assertThat(tokens[0]).isEqualTo(101);
      assertThat(tokens[tokens.length - 1]).isEqualTo(102);
      long[] more = tokenizer.tokens(text.toString(), 10_000);
      assertThat(Arrays.copyOf(tokens, tokens.length - 1))
          .as("seed %d, text %s", seed, text)
          .isEqualTo(Arrays.copyOf(more, tokens.length - 1));
    }
  }

  @Test
  void shouldRefuseTokenizersOfOtherFamilies() {
    assertThatThrownBy(() -> read("{\"model\": {\"type\": \"BPE\"}}"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("a model of type BPE; this engine has WordPiece");
    assertThatThrownBy(() -> read("{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}}"))
        .hasMessage("tokenizer.json has no token [UNK]");
    assertThatThrownBy(() -> read("rubbish")).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> read("")).hasMessageContaining("a model of type none");
    assertThatThrownBy(() -> WordPiece.read(null)).hasMessage("the model has no tokenizer");
  }

  private static WordPiece read(String json) throws ModelException {
    return WordPiece.read(new Data.InMemory(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static long[] marked(String tokens) {
    LongStream inner = Arrays.stream(tokens.split(" ")).mapToLong(Long::parseLong);
    return LongStream.concat(LongStream.concat(LongStream.of(101), inner), LongStream.of(102))
        .toArray();
  }
}
