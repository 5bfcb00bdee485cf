package io.millrace.stages.hooks.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How far off an estimate of a long prompt is, on texts of several kinds. */
class TokenSampleTest {

  private static final Encoding TOKENIZER =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
  private final TokenEstimator estimator = TokenEstimator.exact();
  private static final int TEXTS = 40;
  private static final double MEAN_PERCENT_OFF = 8;
  private static final double MOST_PERCENT_OFF = 30;

  enum Kind {
    ENGLISH(Sentences.ENGLISH),
    CODE(Sentences.CODE),
    JAPANESE(Sentences.JAPANESE),
    MIXED(Sentences.ENGLISH, Sentences.CODE, Sentences.JAPANESE);

    final List<String> sentences = new ArrayList<>();

    Kind(String... texts) {
      for (String text : texts) {
        sentences.addAll(Arrays.asList(text.split("\\|")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldBeCloseWhenNothingIsKnownYet(Kind kind) {
    shouldBeClose(kind, i -> "tenant-" + i);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldStayCloseWhenATenantsPromptsAreKnown(Kind kind) {
    shouldBeClose(kind, i -> "tenant");
  }

  @Test
  void shouldTellTheNaturesOfATenantsPromptsApart() {
    Random random = new Random(9);
    for (int i = 0; i < 60; i++) {
      String text = text(i % 2 == 0 ? Kind.ENGLISH : Kind.JAPANESE, 2_000, random);
      long exact = TOKENIZER.countTokensOrdinary(text);
      double percent =
          100.0 * (estimator.prompt(CompletionRequest.of("m", text), "t") - exact) / exact;
      assertThat(percent).isBetween(-MOST_PERCENT_OFF, MOST_PERCENT_OFF);
    }
  }

  private void shouldBeClose(Kind kind, IntFunction<String> tenants) {
    Random random = new Random(7);
    double sum = 0;
    for (int i = 0; i < TEXTS; i++) {
      String whose = tenants.apply(i);
      String text = text(kind, 600 + random.nextInt(6_000), random);
      long exact = TOKENIZER.countTokensOrdinary(text);
      double percent =
          100.0 * (estimator.prompt(CompletionRequest.of("m", text), whose) - exact) / exact;
      assertThat(percent)
          .as("%s of %d characters, %d tokens", kind, text.length(), exact)
          .isBetween(-MOST_PERCENT_OFF, MOST_PERCENT_OFF);
      sum += Math.abs(percent);
    }
    assertThat(sum / TEXTS).as("mean of %s", kind).isLessThan(MEAN_PERCENT_OFF);
  }

  @Test
  void shouldSeeAllMessagesOfAConversation() {
    List<Message> messages = new ArrayList<>();
    long exact = 0;
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      String text = text(i < 30 ? Kind.ENGLISH : Kind.JAPANESE, 80, random);
      messages.add(Message.user(text));
      exact += 4 + TOKENIZER.countTokensOrdinary(text);
    }
    long estimate = estimator.prompt(CompletionRequest.of("m", "").withMessages(messages), "t");

    assertThat(estimate).isBetween(exact * 80 / 100, exact * 120 / 100);
  }

  @Test
  void shouldNotSplitACharacter() {
    String smiles = "🙂".repeat(500);

    long estimate = estimator.prompt(CompletionRequest.of("m", smiles), "t");

    long exact = TOKENIZER.countTokensOrdinary(smiles);
    assertThat(estimate).isBetween(exact * 80 / 100, exact * 120 / 100);
  }

  @Test
  void shouldEstimateBlanksToo() {
    assertThat(estimator.prompt(CompletionRequest.of("m", " ".repeat(10_000)), "t")).isPositive();
  }

  private static String text(Kind kind, int characters, Random random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < characters) {
      text.append(kind.sentences.get(random.nextInt(kind.sentences.size()))).append(' ');
    }
    return text.toString();
  }

  private static final class Sentences {
    static final String ENGLISH =
        "The mill had stood beside the river for three hundred years before anybody thought of"
            + " measuring how much water went past it in a day.|Please summarise the following"
            + " report in five bullet points, and keep every figure as it is.|I am not sure whether"
            + " that is right.|You are a careful assistant: answer only from the documents below,"
            + " and say so when they do not contain the answer.|In 1847 the owner, Mr. J. H."
            + " Whitcombe, paid £1,250 for new wheels, which his neighbours considered"
            + " extravagant.|Why?|Nevertheless, characteristically incomprehensible regulations"
            + " discouraged industrialists from undertaking counterproductive renovations.|Send the"
            + " invoice to accounts@example.com by 30 September 2026, please.|He said \"wait\", and"
            + " so we waited; nothing happened for an hour, then two.|It's what they'd have done if"
            + " we hadn't told them not to.";
    static final String CODE =
        "for (int i = 0; i < values.length; i++) {\n"
            + "  total += values[i] * weights[i];\n"
            + "}\n"
            + "|public static <K, V> Map<K, V> copyOf(Map<? extends K, ? extends V> map) {\n"
            + "    return new HashMap<>(map);\n"
            + "}\n"
            + "|def normalise(rows: list[dict]) -> Iterator[dict]:\n"
            + "    for row in rows:\n"
            + "        yield {k.strip().lower(): v for k, v in row.items() if v is not None}\n"
            + "|SELECT o.id, SUM(l.quantity * l.unit_price) AS total FROM orders o JOIN order_lines"
            + " l ON l.order_id = o.id GROUP BY o.id HAVING total > 100;\n"
            + "|if err != nil {\n"
            + "\treturn nil, fmt.Errorf(\"open %s: %w\", path, err)\n"
            + "}\n"
            + "|const { data, error } = await"
            + " client.fetch(`/api/v2/users/${userId}?include=roles`);\n"
            + "|{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}}}\n"
            + "|// NOTE(kim): handle 0x1F4A9 and other astral code points\n"
            + "|std::unordered_map<std::string, std::vector<uint32_t>> index;\n";
    static final String JAPANESE =
        "川のそばの水車小屋は三百年ものあいだそこに立っていた。|次の報告書を五つの箇条書きに要約してください。数字はそのまま残してください。|"
            + "それが正しいかどうか、私にはよくわかりません。|2026年9月30日までに請求書を経理部へ送付してください。|"
            + "サーバーのログを確認したところ、メモリ不足のエラーが発生していました。|なぜですか。|"
            + "彼は「待って」と言ったので、私たちは一時間ほど待ちました。|大規模言語モデルの推論コストを削減する方法について説明してください。";
  }
}
