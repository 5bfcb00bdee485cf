package io.millrace.plugin.tck;

import io.millrace.plugin.model.Usage;
import java.util.Objects;

/**
 * What a server of a provider's kind says. Immutable.
 *
 * @param reply the body of a good answer
 * @param stream the same answer streamed: server-sent events, each with its blank line; empty when
 *     the provider does not stream
 * @param streamEnd the last event of {@code stream}, without which the answer is not complete
 * @param streamError an event with which the server gives up within a stream, for a fault of its
 *     own
 * @param text what the answer says
 * @param usage the tokens it says it took
 */
public record HttpDialogue(
    String reply, String stream, String streamEnd, String streamError, String text, Usage usage) {

  /** Checks that the end is part of the stream. */
  public HttpDialogue {
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(streamError, "streamError");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(usage, "usage");
    if (!stream.endsWith(streamEnd)) {
      throw new IllegalArgumentException("stream must end with streamEnd");
    }
  }

  /** Of a provider that does not stream. */
  public static HttpDialogue withoutStream(String reply, String text, Usage usage) {
    return new HttpDialogue(reply, "", "", "", text, usage);
  }

  /** The stream without its last event. */
  String cutStream() {
    return stream.substring(0, stream.length() - streamEnd.length());
  }
}
