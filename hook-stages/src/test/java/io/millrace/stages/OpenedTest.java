package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {

  private final List<String> closed = new ArrayList<>();
  private final Opened opened = new Opened();

  @Test
  void shouldCloseTheLastFirstAndOnce() {
    opened.add(() -> closed.add("first"));
    opened.add("second", closed::add);
    opened.close();
    opened.close();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void shouldCloseTheOthersWhenOneDoesNotClose() {
    opened.add(() -> closed.add("first"));
    opened.add("second", name -> refuse());
    opened.add(this::refuse);
    opened.add("last", closed::add);
    opened.close();
    assertThat(closed).containsExactly("last", "first");
  }

  private void refuse() {
    throw new IllegalStateException("does not close");
  }
}
