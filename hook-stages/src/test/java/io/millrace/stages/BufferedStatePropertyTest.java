package io.millrace.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.testing.InMemoryState;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Changes that wait behave as if they were made, and are made all at once or never. */
class BufferedStatePropertyTest {

  private static final String[] LETTERS = {"a", "b", "é", "€", "😀", "\uffff", "\u0000", "z"};

  @RepeatedTest(20)
  void shouldBehaveAsIfEachChangeWereMadeAtOnce() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    InMemoryState store = new InMemoryState();
    InMemoryState model = new InMemoryState();
    for (int i = 0; i < 60; i++) {
      String key = word(random);
      store.put(key, value(i));
      model.put(key, value(i));
    }
    List<String> before = all(store);
    BufferedState buffered = new BufferedState("any", store);
    for (int step = 0; step < 400; step++) {
      change(random, step, buffered, model, "seed " + seed);
    }
    assertThat(all(store)).as("seed %s: untouched", seed).isEqualTo(before);
    buffered.apply();
    assertThat(all(store)).as("seed %s: applied", seed).isEqualTo(all(model));
  }

  private static void change(
      Random random, int step, KeyedState buffered, KeyedState model, String seed) {
    String key = word(random);
    switch (random.nextInt(4)) {
      case 0 -> {
        buffered.put(key, value(step));
        model.put(key, value(step));
      }
      case 1 -> {
        buffered.delete(key);
        model.delete(key);
      }
      case 2 -> assertThat(text(buffered.get(key))).as(seed).isEqualTo(text(model.get(key)));
      default -> {
        String to = word(random);
        int limit = 1 + random.nextInt(8);
        assertThat(texts(buffered.range(key, to, limit)))
            .as(seed)
            .isEqualTo(texts(model.range(key, to, limit)));
      }
    }
  }

  @Test
  void shouldFindWhatLiesBehindManyThatAreToBeRemoved() {
    InMemoryState store = new InMemoryState();
    for (int i = 0; i < 25_000; i++) {
      store.put("k" + (100_000 + i), value(i));
    }
    BufferedState buffered = new BufferedState("any", store);
    int removed = 0;
    for (List<KeyedState.Entry> page = page(buffered); !page.isEmpty(); page = page(buffered)) {
      page.forEach(entry -> buffered.delete(entry.key()));
      removed += page.size();
    }
    assertThat(removed).isEqualTo(25_000);
    assertThat(store.size()).isEqualTo(25_000);
    buffered.apply();
    assertThat(store.size()).isZero();
  }

  private static List<KeyedState.Entry> page(KeyedState state) {
    return state.range("", "\uffff", KeyedState.MAX_RANGE_ENTRIES);
  }

  @Test
  void shouldRefuseMoreThanItsBoundsInOneOperation() {
    BufferedState buffered = new BufferedState("quota", new InMemoryState());
    byte[] large = new byte[KeyedState.MAX_VALUE_BYTES];
    for (int i = 0; i < 16; i++) {
      buffered.put("k" + i, large);
    }
    buffered.put("k1", large);
    assertThatThrownBy(() -> buffered.put("k16", large))
        .hasMessage(
            "hook 'quota': one operation changes at most 100,000 keys and puts at most 16,777,216"
                + " bytes");
    assertThatThrownBy(() -> buffered.put("k".repeat(513), value(1)))
        .hasMessageContaining("at most 512");
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      word.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return word.toString();
  }

  private static List<String> all(KeyedState state) {
    return texts(state.range("", "\uffff\uffff\uffff\uffff", 1_000));
  }

  private static List<String> texts(List<KeyedState.Entry> entries) {
    return entries.stream().map(entry -> entry.key() + "=" + text(entry.value())).toList();
  }

  private static byte[] value(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "nothing" : new String(value, UTF_8);
  }
}
