package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTableTest {

  private static final String TOPIC = "numbers";

  private final List<String> changes = new ArrayList<>();

  @Test
  void shouldKeepTheLastValueOfEachKey() {
    TopicTable<String, String, Integer> table = table(false);

    follow(table, "n/one", "1");
    follow(table, "n/two", "2");
    follow(table, "n/one", "11");

    assertThat(table.known()).isEqualTo(Map.of("one", 11, "two", 2));
    assertThat(changes).containsExactly("one=1", "two=2", "one=11");
  }

  @Test
  void shouldTakeAValueAwayWhenATombstoneOrTheRulesSaySo() {
    TopicTable<String, String, Integer> table = table(false);
    follow(table, "n/one", "1");
    follow(table, "n/two", "2");

    follow(table, "n/one", null);
    follow(table, "n/two", "none");
    follow(table, "n/three", null);

    assertThat(table.known()).isEmpty();
    assertThat(changes).containsExactly("one=1", "two=2", "one=null", "two=null");
  }

  @Test
  void shouldPassOverWhatIsNoneOfItsKeysOrChangesNothing() {
    TopicTable<String, String, Integer> table = table(false);
    follow(table, "n/one", "1");

    follow(table, "other", "garbage");
    follow(table, "n/one", "same");

    assertThat(table.known()).isEqualTo(Map.of("one", 1));
    assertThat(changes).containsExactly("one=1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLeaveOrRemoveAsTheRulesSayWhenAValueIsNotUnderstood(boolean removes) {
    TopicTable<String, String, Integer> table = table(removes);
    follow(table, "n/one", "1");

    follow(table, "n/one", "garbage");
    follow(table, "n/two", "garbage");

    assertThat(table.known()).isEqualTo(removes ? Map.of() : Map.of("one", 1));
  }

  @Test
  void shouldNotBeCaughtUpAndCloseWhenItHasNotBegun() {
    TopicTable<String, String, Integer> table = table(false);

    table.close();

    assertThat(table.caughtUp()).isFalse();
  }

  private TopicTable<String, String, Integer> table(boolean removesUnreadable) {
    return new TopicTable<>(TOPIC, new StringDeserializer(), new Numbers(removesUnreadable));
  }

  private static void follow(TopicTable<?, ?, ?> table, String key, @Nullable String value) {
    byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
    table.follow(new ConsumerRecord<>(TOPIC, 0, 0, key, bytes));
  }

  /** Numbers by the names of keys that begin with n/. */
  private final class Numbers implements TableRules<String, String, Integer> {

    private final boolean removesUnreadable;

    private Numbers(boolean removesUnreadable) {
      this.removesUnreadable = removesUnreadable;
    }

    @Override
    public Optional<String> key(String recordKey) {
      return recordKey.startsWith("n/") ? Optional.of(recordKey.substring(2)) : Optional.empty();
    }

    @Override
    public TableChange<Integer> read(String value) {
      return switch (value) {
        case "none" -> new TableChange.Remove<>();
        case "same" -> new TableChange.Leave<>();
        default -> new TableChange.Put<>(Integer.valueOf(value));
      };
    }

    @Override
    public TableChange<Integer> unreadable() {
      return removesUnreadable ? new TableChange.Remove<>() : new TableChange.Leave<>();
    }

    @Override
    public void changed(String key, @Nullable Integer value) {
      changes.add(key + "=" + value);
    }
  }
}
