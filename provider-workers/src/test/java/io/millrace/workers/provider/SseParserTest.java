package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SseParserTest {

  private static final String[] LINE_ENDS = {"\n", "\r", "\r\n"};
  private static final String[] PIECES = {"a", "ü", "€", "𝄞", ":", " ", "{\"x\":1}", "[DONE]"};

  @Test
  void shouldReadWhatWasWrittenWhereverItIsCut() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<SseEvent> events = events(random);
      byte[] bytes = write(events, random);
      assertThat(parse(bytes, random)).as("seed %d, round %d", seed, round).isEqualTo(events);
    }
  }

  @Test
  void shouldKeepToTheStandardsExamples() throws Exception {
    assertThat(parse("data: YHOO\ndata: +2\ndata: 10\n\n"))
        .containsExactly(new SseEvent("", "YHOO\n+2\n10"));
    assertThat(parse(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"))
        .containsExactly(new SseEvent("", "first event"), new SseEvent("", "second event"));
    assertThat(parse("data\n\ndata\ndata\n\ndata:"))
        .containsExactly(new SseEvent("", ""), new SseEvent("", "\n"));
    assertThat(parse("data:test\n\ndata: test\n\ndata:  test\n\n"))
        .extracting(SseEvent::data)
        .containsExactly("test", "test", " test");
  }

  @Test
  void shouldSkipTheByteOrderMarkAtTheStartOnly() throws Exception {
    assertThat(parse("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly(new SseEvent("", "a"));
  }

  @Test
  void shouldForgetTheTypeAfterEachEvent() throws Exception {
    assertThat(parse("event: error\ndata: a\n\ndata: b\n\nevent: x\n\ndata: c\n\n"))
        .containsExactly(new SseEvent("error", "a"), new SseEvent("", "b"), new SseEvent("", "c"));
  }

  @Test
  void shouldRefuseLinesAndEventsPastTheBound() {
    assertThatThrownBy(() -> new SseParser(10).accept(bytes(":".repeat(11))))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageContaining("longer than 10 bytes");
    assertThatThrownBy(() -> new SseParser(10).accept(bytes("data:abcd\n".repeat(3))))
        .isInstanceOf(InvalidBodyException.class);
  }

  private static List<SseEvent> events(Random random) {
    List<SseEvent> events = new ArrayList<>();
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      int lines = 1 + random.nextInt(3);
      List<String> data = new ArrayList<>();
      for (int line = 0; line < lines; line++) {
        data.add(text(random));
      }
      events.add(new SseEvent(random.nextBoolean() ? "" : "e" + i, String.join("\n", data)));
    }
    return events;
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(5), 0, PIECES.length)
        .mapToObj(i -> PIECES[i])
        .collect(Collectors.joining());
  }

  /** Writes events as any server may: each line with an end of its own, with noise in between. */
  private static byte[] write(List<SseEvent> events, Random random) {
    StringBuilder out = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    for (SseEvent event : events) {
      noise(out, random);
      if (!event.type().isEmpty()) {
        out.append("event: ").append(event.type()).append(end(random));
      }
      for (String line : event.data().split("\n", -1)) {
        out.append("data: ").append(line).append(end(random));
        noise(out, random);
      }
      out.append("\n\n");
    }
    return out.append("data: never ended").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void noise(StringBuilder out, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> out.append(": comment").append(end(random));
      case 1 -> out.append("retry: 3").append(end(random));
      case 2 -> out.append("unknown").append(end(random));
      default -> {}
    }
  }

  private static String end(Random random) {
    return LINE_ENDS[random.nextInt(LINE_ENDS.length)];
  }

  private static List<SseEvent> parse(byte[] bytes, Random random) throws InvalidBodyException {
    SseParser parser = new SseParser(10_000);
    List<SseEvent> events = new ArrayList<>();
    for (int from = 0; from < bytes.length; ) {
      int length = Math.min(bytes.length - from, 1 + random.nextInt(7));
      events.addAll(parser.accept(ByteBuffer.wrap(bytes, from, length)));
      from += length;
    }
    return events;
  }

  private static List<SseEvent> parse(String text) throws InvalidBodyException {
    return new SseParser(10_000).accept(bytes(text));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
