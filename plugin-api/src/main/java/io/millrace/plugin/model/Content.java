package io.millrace.plugin.model;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a message says: plain text, or a list of parts. Which of the two was sent is kept. */
public sealed interface Content {

  /** The text in it; parts that are not text count as empty. */
  String asText();

  /**
   * Plain text.
   *
   * @param text may be empty
   */
  record Text(String text) implements Content {
    @Override
    public String asText() {
      return text;
    }
  }

  /**
   * A list of parts, in order.
   *
   * @param parts copied
   */
  record Parts(List<Part> parts) implements Content {
    /** Copies the list. */
    public Parts {
      parts = List.copyOf(parts);
    }

    @Override
    public String asText() {
      return parts.stream()
          .map(part -> part instanceof TextPart text ? text.text() : "")
          .collect(Collectors.joining());
    }
  }

  /** One part of a message. */
  sealed interface Part {}

  /**
   * A part of text.
   *
   * @param text may be empty
   */
  record TextPart(String text) implements Part {}

  /**
   * An image by address.
   *
   * @param url {@code https:} or {@code data:} address
   * @param detail {@code low}, {@code high} or {@code auto}, or null
   */
  record ImagePart(String url, @Nullable String detail) implements Part {}

  /**
   * A part of any other type, or with fields this library does not know, kept as it was sent.
   *
   * @param json the whole part as JSON text
   */
  record OtherPart(String json) implements Part {}
}
