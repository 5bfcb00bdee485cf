package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.RequestKind;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputLineParserTest {

  private final InputLineParser parser = new InputLineParser(null);

  @Test
  void shouldReadARequest() {
    InputLine line = parse(Batches.line("task-1").strip());

    assertThat(line).isInstanceOf(InputLine.Request.class);
    InputLine.Request request = (InputLine.Request) line;
    assertThat(request.customId()).isEqualTo("task-1");
    assertThat(request.number()).isEqualTo(7);
    assertThat(request.request().model()).isEqualTo("simulated/small");
    assertThat(request.request().messages().getFirst().text()).isEqualTo("Say task-1");
  }

  @Test
  void shouldReadARequestForEmbeddings() {
    InputLine line =
        parse(
            """
            {"custom_id":"e","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":["a","b"]}}\
            """);

    assertThat(line)
        .isInstanceOfSatisfying(
            InputLine.Request.class,
            request -> {
              assertThat(request.request().kind()).isEqualTo(RequestKind.EMBEDDINGS);
              assertThat(Embeddings.texts(request.request())).containsExactly("a", "b");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense | invalid_json_line",
        "{\"custom_id\":\"a\" | invalid_json_line",
        "{} {} | invalid_json_line",
        "[1] | invalid_json_line",
        "\"text\" | invalid_json_line",
        "{} | missing_required_parameter",
        "{\"custom_id\":null} | missing_required_parameter",
        "{\"custom_id\":7} | invalid_custom_id",
        "{\"custom_id\":\"\"} | invalid_custom_id",
        "{\"custom_id\":\"a\"} | invalid_method",
        "{\"custom_id\":\"a\",\"method\":\"GET\"} | invalid_method",
        "{\"custom_id\":\"a\",\"method\":\"POST\"} | invalid_url",
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/images\"} | invalid_url",
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":{\"model\":\"m\"}}"
            + " | invalid_request",
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\"}"
            + " | missing_required_parameter",
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":[]}"
            + " | missing_required_parameter",
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{}}"
            + " | invalid_request",
      })
  void shouldNameTheFaultWhenALineIsBad(String text, String code) {
    InputLine line = parse(text);

    assertThat(line).isInstanceOf(InputLine.Bad.class);
    assertThat(((InputLine.Bad) line).code()).isEqualTo(code);
    assertThat(((InputLine.Bad) line).message()).isNotBlank().doesNotContain("\n");
    assertThat(line.number()).isEqualTo(7);
  }

  @Test
  void shouldKeepTheCustomIdOfABadLineWhenItCanBeRead() {
    assertThat(parse("{\"custom_id\":\"a\",\"method\":\"GET\"}"))
        .isInstanceOfSatisfying(
            InputLine.Bad.class, bad -> assertThat(bad.customId()).isEqualTo("a"));
  }

  @Test
  void shouldRefuseALineThatIsTooLong() {
    assertThat(parser.parse(new RawLine(3, new byte[0], 99)))
        .isInstanceOfSatisfying(
            InputLine.Bad.class, bad -> assertThat(bad.code()).isEqualTo("request_too_large"));
  }

  @Test
  void shouldReplaceTheModelWhenAnotherIsAskedFor() {
    InputLine line = new InputLineParser("openai/gpt-x").parse(raw(Batches.line("a").strip()));

    assertThat(((InputLine.Request) line).request().model()).isEqualTo("openai/gpt-x");
    assertThat(((InputLine.Request) line).fingerprint())
        .isNotEqualTo(((InputLine.Request) parse(Batches.line("a").strip())).fingerprint());
  }

  @Test
  void shouldDropStreamBecauseABatchWritesWholeAnswers() {
    String line =
        Batches.line("a")
            .strip()
            .replace(
                "\"messages\"",
                "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\"");

    InputLine.Request request = (InputLine.Request) parse(line);

    assertThat(request.request().stream()).isFalse();
    assertThat(request.request().extra()).isEmpty();
  }

  @Test
  void shouldNeverFailWhateverTheBytes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good = Batches.line("a").strip().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      InputLine line = parser.parse(new RawLine(i, bytes, bytes.length));
      assertThat(line.number()).as("seed %d", seed).isEqualTo(i);
    }
  }

  private InputLine parse(String text) {
    return parser.parse(raw(text));
  }

  private static RawLine raw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new RawLine(7, bytes, bytes.length);
  }
}
