package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.List;

/** Turns the events of one stream into chunks. For one stream and one thread. */
interface StreamReader {

  /**
   * Reads the next event.
   *
   * @throws InvalidBodyException when it cannot be understood
   */
  Step read(SseEvent event) throws InvalidBodyException;

  /** What an event brings. */
  sealed interface Step {

    /** Chunks ({@code chat.completion.chunk}), perhaps none. */
    record Chunks(List<ObjectNode> chunks) implements Step {}

    /** The provider gives up. */
    record Fault(ErrorBody error) implements Step {}

    /** The answer is complete; perhaps with last chunks. */
    record End(List<ObjectNode> chunks) implements Step {}

    /** Nothing that matters. */
    static Step nothing() {
      return new Chunks(List.of());
    }

    /** One chunk. */
    static Step chunk(ObjectNode chunk) {
      return new Chunks(List.of(chunk));
    }
  }
}
