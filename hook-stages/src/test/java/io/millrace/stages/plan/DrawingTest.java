package io.millrace.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the drawings of two plans: {@code -Dmillrace.plan.write=true} writes them anew. */
class DrawingTest {

  /** The forms a plan is drawn in. */
  enum Form {
    TXT(TextDrawing::of),
    MMD(MermaidDrawing::of),
    SVG(SvgDrawing::of);

    private final Function<PlanView, String> drawing;

    Form(Function<PlanView, String> drawing) {
      this.drawing = drawing;
    }

    String file(String plan) {
      return plan + "." + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldHoldTheDefaultPlan(Form form) throws IOException {
    assertGolden(
        form.file("default"), form.drawing.apply(Plans.view(Plans.DEFAULT, Deployment.FUSED)));
  }

  @ParameterizedTest
  @EnumSource
  void shouldHoldThePlanOfManyScopes(Form form) throws IOException {
    assertGolden(
        form.file("mixed"), form.drawing.apply(Plans.view(Plans.MIXED, Deployment.SEPARATE)));
  }

  @Test
  void shouldBeWellFormedWhenNamesHoldMarkup() throws Exception {
    String svg =
        SvgDrawing.of(
            new PlanView(
                Plans.plan(io.millrace.schemas.topic.HomeScope.TENANT, Plans.MIXED),
                Plans.TOPICS,
                java.util.List.of("a<b>&c"),
                Deployment.FUSED,
                "millrace.home"));
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getDocumentElement().getTextContent()).contains("a<b>&c");
  }

  private void assertGolden(String file, String drawing) throws IOException {
    String text = drawing + "\n";
    if (Boolean.getBoolean("millrace.plan.write")) {
      Path folder = Files.createDirectories(Path.of("src/test/resources/io/millrace/stages/plan"));
      Files.writeString(folder.resolve(file), text);
      return;
    }
    try (InputStream golden =
        Objects.requireNonNull(getClass().getResourceAsStream(file), file + " is missing")) {
      assertThat(text).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
