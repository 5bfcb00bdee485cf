package io.millrace.schemas.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page about errors says what the code does. */
class ErrorsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "errors.md");

  @Test
  void shouldListEveryCodeInOrderWithCategoryStatusAndFallback() throws IOException {
    List<List<String>> expected =
        Arrays.stream(ErrorCode.values())
            .map(
                code ->
                    List.of(
                        "`" + code.wireName() + "`",
                        code.category().name(),
                        Integer.toString(code.httpStatus()),
                        code.category().fallbacksByDefault() ? "yes" : "no"))
            .toList();

    assertThat(rows().stream().map(row -> List.of(row.get(0), row.get(1), row.get(2), row.get(4))))
        .as("columns code, category, HTTP and fallback of docs/errors.md")
        .containsExactlyElementsOf(expected);
  }

  @Test
  void shouldSayWhatToDo() throws IOException {
    assertThat(rows())
        .allSatisfy(
            row -> {
              assertThat(row).as("columns").hasSize(6);
              assertThat(row.get(3)).matches("yes|no|next key|–");
              assertThat(row.get(5)).endsWith(".");
            });
  }

  private static List<List<String>> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(1, line.lastIndexOf('|')))
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
        .toList();
  }
}
