package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class AnswerTextTest {

  @Test
  void shouldShowFieldsAsLinesAndListsAsTablesBelow() throws Exception {
    assertThat(
            text(
                """
                {"tenant":"a","used":5,"of":{"limit":9},"none":null,
                 "windows":[{"name":"minute","used":1},{"name":"day","left":2}],"empty":[]}
                """))
        .isEqualTo(
            """
            tenant: a
            used: 5
            of: {"limit":9}
            none: -
            empty: []

            windows:
             name    used  left
             minute  1     -
             day     -     2\
            """);
  }

  @Test
  void shouldLeaveWhatIsNoObjectAsItIs() throws Exception {
    assertThat(text("5")).isEqualTo("5");
    assertThat(text("\"yes\"")).isEqualTo("\"yes\"");
    assertThat(text("{}")).isEqualTo("{ }");
    assertThat(text("[{\"a\":1}]")).contains("a", "1").doesNotContain("{");
    assertThat(text("[1,{\"a\":1}]")).contains("{");
  }

  private static String text(String json) throws Exception {
    return AnswerText.of(new ObjectMapper().readTree(json));
  }
}
