package io.millrace.schemas.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderOrderTest {

  @ParameterizedTest
  @ValueSource(strings = {"openai", "openai/gpt-4o", "hf/meta-llama/Llama-3.1-8B"})
  void shouldFindInTheSubjectWhatItIsAbout(String text) {
    ProviderOrder order = ProviderOrder.of(text);
    assertThat(order).hasToString(text);
    assertThat(order.provider()).isEqualTo(text.split("/", 2)[0]);
    assertThat(ProviderOrder.ofSubject(order.subject())).contains(order);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hook/limits", "provider/", "provider//m", "provider/p/", "provider", ""})
  void shouldPassOverOtherSubjects(String subject) {
    assertThat(ProviderOrder.ofSubject(subject)).isEmpty();
  }

  @Test
  void shouldRefuseNamesThatCannotBe() {
    assertThatThrownBy(() -> new ProviderOrder("a/b", null)).hasMessageContaining("'a/b'");
    assertThatThrownBy(() -> ProviderOrder.of("a/")).hasMessageContaining("has no name");
  }

  @Test
  void shouldSayWhoOrderedWhatAndWhen() {
    Control block = ProviderOrder.of("p/m").blocked(true, Instant.ofEpochMilli(7), "me");
    assertThat(block).isEqualTo(new Control("provider/p/m", ControlAction.BLOCK, 7L, "me"));
    assertThat(ProviderOrder.of("p").blocked(false, Instant.EPOCH, "me").getAction())
        .isEqualTo(ControlAction.UNBLOCK);
  }
}
