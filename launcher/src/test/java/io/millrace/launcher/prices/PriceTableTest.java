package io.millrace.launcher.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PriceTableTest {

  private final PriceTable table = PriceTable.load();

  @Test
  void shouldFindPricesByTypeAndByHost() {
    assertThat(table.of("openai", null))
        .containsEntry("gpt-4o", new TokenPrice(2_500, 10_000, 1_250));
    assertThat(table.of("openai", "https://api.groq.com/openai/v1"))
        .containsEntry("openai/gpt-oss-120b", new TokenPrice(150, 600, 75))
        .doesNotContainKey("gpt-4o");
    assertThat(table.of("openai", "http://127.0.0.1:11434/v1")).isEmpty();
    assertThat(table.of("openai", "no address at all")).isEmpty();
    assertThat(table.of("mine", null)).isEmpty();
    assertThat(table.of("simulated", null)).containsEntry("*", TokenPrice.FREE);
  }

  @Test
  void shouldSayWhereEachPriceIsFrom() throws Exception {
    assertThat(table.date()).matches("20[0-9]{2}-[01][0-9]");
    assertThat(table.vendors().values())
        .allSatisfy(
            vendor -> {
              assertThat(vendor.source()).isNotBlank();
              assertThat(vendor.checked()).isNotBlank();
              assertThat(vendor.models().values())
                  .allMatch(price -> price.input() >= 0 && price.output() >= 0)
                  .allMatch(
                      price -> price.cachedInput() == null || price.cachedInput() <= price.input());
            });
    assertThat(Files.readString(Path.of("..", "docs", "routing.md"))).contains(table.date());
  }

  @Test
  void shouldChargeCachedTokensAsSuch() {
    TokenPrice price = new TokenPrice(100, 1_000, 10);
    assertThat(price.costNanos(new Usage(50, 2, 40, 0))).isEqualTo(10 * 100 + 40 * 10 + 2 * 1_000);
    assertThat(price.costNanos(new Usage(5, 0, 40, 0)))
        .as("more cached than there are")
        .isEqualTo(50);
    assertThat(new TokenPrice(100, 1_000).costNanos(new Usage(50, 2, 40, 0))).isEqualTo(7_000);
    assertThat(price.costNanos(new Usage(Long.MAX_VALUE, 1, 0, 0))).isEqualTo(Long.MAX_VALUE);
  }
}
