package io.millrace.workers.provider;

import io.millrace.schemas.openai.InvalidBodyException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes events of the bytes of a stream, wherever the bytes are cut (WHATWG HTML, section 9.2.6:
 * lines end with CR, LF or CRLF; a byte order mark at the start, comments, unknown fields, {@code
 * id} and {@code retry} are skipped; an event that no blank line ends is none). For one stream and
 * one thread.
 */
final class SseParser {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final int maxEventBytes;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private boolean hasData;
  private boolean afterCr;
  private boolean first = true;

  /**
   * Parses one stream.
   *
   * @param maxEventBytes the longest line, and the longest event, that is taken
   */
  SseParser(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @return the events they complete, in order
   * @throws InvalidBodyException when a line or an event is longer than the bound
   */
  List<SseEvent> accept(ByteBuffer bytes) throws InvalidBodyException {
    List<SseEvent> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n' && afterCr) {
        afterCr = false;
        continue;
      }
      afterCr = next == '\r';
      if (next == '\r' || next == '\n') {
        endLine(events);
      } else {
        line.write(next);
        check(line.size());
      }
    }
    return events;
  }

  private void endLine(List<SseEvent> events) throws InvalidBodyException {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (first) {
      first = false;
      text = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
    if (text.isEmpty()) {
      endEvent(events);
    } else {
      field(text);
    }
  }

  private void field(String text) throws InvalidBodyException {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    if (name.equals("data")) {
      if (hasData) {
        data.append('\n');
      }
      data.append(value);
      hasData = true;
      check(data.length());
    } else if (name.equals("event")) {
      type = value;
    }
  }

  private void endEvent(List<SseEvent> events) {
    if (hasData) {
      events.add(new SseEvent(type, data.toString()));
    }
    data.setLength(0);
    hasData = false;
    type = "";
  }

  private void check(int length) throws InvalidBodyException {
    if (length > maxEventBytes) {
      throw new InvalidBodyException(
          "an event of the stream is longer than %d bytes".formatted(maxEventBytes), null);
    }
  }
}
