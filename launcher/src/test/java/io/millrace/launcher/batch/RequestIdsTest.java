package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestIdsTest {

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._:-]{1,256}");

  private final RequestIds ids = new RequestIds("prompts");

  @Test
  void shouldKeepACustomIdThatAnIdCanHold() {
    assertThat(ids.of("task:1-a_b.c", 0xBADCAFE, 0)).isEqualTo("prompts:task:1-a_b.c:0badcafe");
  }

  @Test
  void shouldSayWhichTryItIs() {
    String id = ids.of("a", 1, 12);

    assertThat(id).isEqualTo("prompts:a:00000001.12");
    assertThat(RequestIds.roundOf(id)).isEqualTo(12);
    assertThat(RequestIds.roundOf(ids.of("a", 1, 0))).isZero();
    assertThat(RequestIds.roundOf("")).isZero();
  }

  @Test
  void shouldBeLegalAndUniqueWhateverTheCustomId() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "ab:.-_ é漢\u0000\"0123456789abcdef";
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = 1 + random.nextInt(i % 100 == 0 ? 500 : 5); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String key = text + "|" + (i % 3);
      String id = ids.of(text.toString(), 0xABCDEF01, i % 3);
      assertThat(id).as("seed %d", seed).matches(LEGAL).startsWith("prompts:");
      String other = seen.put(id, key);
      assertThat(other == null || other.equals(key)).as("seed %d, id %s", seed, id).isTrue();
      assertThat(RequestIds.roundOf(id)).as("seed %d", seed).isEqualTo(i % 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "prompts.jsonl, prompts",
    "my prompts (1).jsonl, my-prompts--1-",
    ".jsonl, .jsonl",
    "README, README",
    "a.b.jsonl, a.b",
  })
  void shouldNameABatchAfterItsFile(String file, String name) {
    assertThat(RequestIds.nameOf(file)).isEqualTo(name);
    assertThat(RequestIds.legalName(name)).isTrue();
  }
}
