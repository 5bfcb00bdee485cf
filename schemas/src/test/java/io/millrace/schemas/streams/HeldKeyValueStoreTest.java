package io.millrace.schemas.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldKeyValueStoreTest {

  private final KeyValueStore<Bytes, byte[]> behind = Stores.inMemoryKeyValueStore("hot").get();
  private final HeldKeyValueStore<Bytes, byte[]> store =
      new HeldKeyValueStore<>(behind, HeldValues.bytes());

  @Test
  void shouldWriteTheFirstChangeAtOnceAndLaterOnesAtTheCommit() {
    store.put(key("a"), value("1"));
    store.put(key("a"), value("2"));
    store.put(key("a"), value("3"));

    assertThat(text(behind.get(key("a")))).isEqualTo("1");
    assertThat(text(store.get(key("a")))).isEqualTo("3");
    store.flushCache();
    assertThat(text(behind.get(key("a")))).isEqualTo("3");
    assertThat(text(store.get(key("a")))).isEqualTo("3");
  }

  @Test
  void shouldBeginAnewAfterACommit() {
    store.put(key("a"), value("1"));
    store.put(key("a"), value("2"));
    store.flushCache();

    store.put(key("a"), value("3"));

    assertThat(text(behind.get(key("a")))).isEqualTo("3");
  }

  @Test
  void shouldHoldThatAKeyIsRemoved() {
    store.put(key("a"), value("1"));

    assertThat(text(store.delete(key("a")))).isEqualTo("1");

    assertThat(store.get(key("a"))).isNull();
    assertThat(text(behind.get(key("a")))).isEqualTo("1");
    assertThat(text(store.putIfAbsent(key("a"), value("2")))).isNull();
    assertThat(text(store.putIfAbsent(key("a"), value("3")))).isEqualTo("2");
    store.flushCache();
    assertThat(text(behind.get(key("a")))).isEqualTo("2");
  }

  @Test
  void shouldReadAKeyThatChangesOftenFromMemoryAfterACommit() {
    store.put(key("a"), value("1"));
    store.put(key("a"), value("2"));
    store.flushCache();
    behind.put(key("a"), value("unread"));

    assertThat(text(store.get(key("a")))).isEqualTo("2");
    store.put(key("a"), value("3"));
    assertThat(text(behind.get(key("a")))).isEqualTo("3");
    assertThat(text(store.get(key("a")))).isEqualTo("3");
  }

  @Test
  void shouldReadAKeyThatHasGrownFromTheStoreBehind() {
    store.put(key("a"), value("1"));
    store.put(key("a"), value("2"));
    store.flushCache();

    store.put(key("a"), value("longer"));
    behind.put(key("a"), value("read"));

    assertThat(text(store.get(key("a")))).isEqualTo("read");
  }

  @Test
  void shouldRememberWhatIsNotThereUntilItIsPut() {
    assertThat(store.get(key("a"))).isNull();
    behind.put(key("a"), value("unread"));
    assertThat(store.get(key("a"))).isNull();

    store.put(key("a"), value("1"));

    assertThat(text(store.get(key("a")))).isEqualTo("1");
  }

  @Test
  void shouldForgetTheOldestOfWhatIsNotThereWhenThereIsTooMuch() {
    for (int i = 0; i <= AbsentKeys.MAX; i++) {
      assertThat(store.get(key("k" + i))).isNull();
    }
    behind.put(key("k0"), value("read"));
    behind.put(key("k1"), value("unread"));

    assertThat(store.get(key("k1"))).isNull();
    assertThat(text(store.get(key("k0")))).isEqualTo("read");
  }

  @Test
  void shouldForgetWhatWasWrittenWhenATaskIsGivenUp() {
    store.put(key("a"), value("1"));
    store.put(key("a"), value("2"));
    store.flushCache();
    assertThat(store.get(key("b"))).isNull();

    store.clearCache();
    behind.put(key("a"), value("restored"));
    behind.put(key("b"), value("restored too"));

    assertThat(text(store.get(key("a")))).isEqualTo("restored");
    assertThat(text(store.get(key("b")))).isEqualTo("restored too");
  }

  @Test
  void shouldForgetWhatItHoldsWhenATaskIsGivenUp() {
    store.put(key("a"), value("1"));
    store.put(key("a"), value("2"));

    store.clearCache();

    assertThat(text(store.get(key("a")))).isEqualTo("1");
  }

  @Test
  void shouldWriteBeforeItsTimeWhenItHoldsTooMuch() {
    byte[] large = new byte[(int) (HeldKeyValueStore.MAX_HELD_BYTES / 2) + 1];
    for (String name : List.of("a", "b")) {
      store.put(key(name), value("small"));
      store.put(key(name), large);
    }

    assertThat(behind.get(key("a"))).isEqualTo(large);
    assertThat(behind.get(key("b"))).isEqualTo(large);
  }

  @Test
  void shouldNotLetAHookChangeWhatIsHeld() {
    byte[] given = value("2");
    store.put(key("a"), value("1"));
    store.put(key("a"), given);

    given[0] = 'x';
    byte[] taken = java.util.Objects.requireNonNull(store.get(key("a")));
    taken[0] = 'y';

    assertThat(text(store.get(key("a")))).isEqualTo("2");
  }

  @Test
  void shouldWriteAtOnceWhatItCannotRememberToHaveWritten() {
    for (int i = 0; i <= HeldKeyValueStore.MAX_KEYS; i++) {
      store.put(key("k" + i), value("1"));
    }
    Bytes last = key("k" + HeldKeyValueStore.MAX_KEYS);

    store.put(last, value("2"));

    assertThat(text(behind.get(last))).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldReadAsAMapDoesWhateverIsDone(long seed) {
    Random random = new Random(seed);
    TreeMap<String, String> expected = new TreeMap<>();
    for (int step = 0; step < 5_000; step++) {
      String name = "k" + random.nextInt(20);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          store.put(key(name), value("v" + step));
          expected.put(name, "v" + step);
        }
        case 3 ->
            assertThat(text(store.delete(key(name))))
                .as("seed %d", seed)
                .isEqualTo(expected.remove(name));
        case 4 -> {
          store.flushCache();
          assertThat(contents(behind.all())).as("seed %d", seed).isEqualTo(contents(expected));
        }
        case 5 -> {
          String to = "k" + random.nextInt(20);
          if (name.compareTo(to) <= 0) {
            assertThat(contents(store.range(key(name), key(to))))
                .as("seed %d", seed)
                .isEqualTo(contents(expected.subMap(name, true, to, true)));
          }
        }
        default ->
            assertThat(text(store.get(key(name))))
                .as("seed %d", seed)
                .isEqualTo(expected.get(name));
      }
    }
    assertThat(contents(store.all())).isEqualTo(contents(expected));
  }

  private static List<String> contents(KeyValueIterator<Bytes, byte[]> found) {
    List<String> texts = new ArrayList<>();
    try (found) {
      while (found.hasNext()) {
        KeyValue<Bytes, byte[]> next = found.next();
        texts.add(text(next.key.get()) + "=" + text(next.value));
      }
    }
    return texts;
  }

  private static List<String> contents(java.util.Map<String, String> map) {
    return map.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private static Bytes key(String text) {
    return Bytes.wrap(value(text));
  }

  private static byte[] value(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
