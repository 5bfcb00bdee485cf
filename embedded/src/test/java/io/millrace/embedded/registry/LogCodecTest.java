package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.registry.LogCodec.Encoded;
import io.millrace.embedded.registry.LogRecord.IdsGiven;
import io.millrace.embedded.registry.LogRecord.Level;
import io.millrace.embedded.registry.LogRecord.LevelRemoved;
import io.millrace.embedded.registry.LogRecord.Version;
import io.millrace.embedded.registry.LogRecord.VersionRemoved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogCodecTest {

  static Stream<LogRecord> records() {
    return Stream.of(
        new Version("s \"ü", 3, 7, "\"int\"", false),
        new Version("s", 1, 1, "\"int\"", true),
        new VersionRemoved("s", 3),
        new Level("s", CompatibilityLevel.FULL_TRANSITIVE),
        new Level(null, CompatibilityLevel.NONE),
        new LevelRemoved("s"),
        new LevelRemoved(null),
        new IdsGiven(9));
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldComeBackWhenEncoded(LogRecord change) throws IOException {
    Encoded encoded = LogCodec.encode(change);
    assertThat(LogCodec.decode(encoded.key(), encoded.value())).contains(change);
  }

  @Test
  void shouldLookLikeConfluentsWhenEncoded() {
    Encoded encoded = LogCodec.encode(new Version("s", 1, 7, "\"int\"", false));
    assertThat(encoded.key())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}");
    assertThat(encoded.value())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"subject\":\"s\",\"version\":1,\"id\":7,\"schema\":\"\\\"int\\\"\",\"deleted\":false}");
  }

  @Test
  void shouldSkipWhatIsNotItsOwn() throws IOException {
    assertThat(LogCodec.decode(bytes("{\"keytype\":\"NOOP\",\"magic\":0}"), null)).isEmpty();
    assertThat(LogCodec.decode(null, bytes("{}"))).isEmpty();
    assertThat(LogCodec.decode(bytes("[]"), bytes("{}"))).isEmpty();
    assertThatThrownBy(() -> LogCodec.decode(bytes("garbage"), null))
        .isInstanceOf(IOException.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
