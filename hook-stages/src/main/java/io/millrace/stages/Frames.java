package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * The way back that an exchange carries: one frame for each group it is in. Lists are replaced, not
 * changed, as other copies of the exchange share them.
 */
final class Frames {

  private Frames() {}

  /** Notes that the exchange enters a group: where its outcome comes back to, and by which key. */
  static void push(Exchange exchange, String replyTopic, String key) {
    List<Frame> frames = new ArrayList<>(exchange.getFrames());
    frames.add(new Frame(replyTopic, key, new ArrayList<>()));
    exchange.setFrames(frames);
  }

  /** Notes that it leaves the group; does nothing where it is in none. */
  static void pop(Exchange exchange) {
    List<Frame> frames = exchange.getFrames();
    if (!frames.isEmpty()) {
      exchange.setFrames(new ArrayList<>(frames.subList(0, frames.size() - 1)));
    }
  }
}
