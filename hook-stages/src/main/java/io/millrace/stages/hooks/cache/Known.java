package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.Succession;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that the model of successions knows: what it asks, and what followed upon it. Bounded:
 * of more than {@link #MAX_SUCCESSORS} the rarest is forgotten, and from {@link #MAX_TOTAL}
 * observations on all of them count half.
 *
 * @param seenMillis when it was last asked
 * @param fetchedMillis when it was last fetched ahead; 0 for never
 * @param successors what followed, the most frequent first
 * @param request its bytes
 */
record Known(long seenMillis, long fetchedMillis, List<Successor> successors, byte[] request) {

  /** So many successors are kept of a request. */
  static final int MAX_SUCCESSORS = 8;

  /** From so many observations on the older ones count half. */
  static final long MAX_TOTAL = 64;

  /** Larger requests are not fetched ahead, so they are not known either. */
  static final int MAX_REQUEST_BYTES = 16 * 1_024;

  private static final int VERSION = 2;

  /**
   * What followed.
   *
   * @param hash which request
   * @param seen how often, at least 1
   */
  record Successor(String hash, long seen) {}

  byte[] toBytes() {
    StateWriter out = new StateWriter().number(VERSION).number(seenMillis).number(fetchedMillis);
    return out.list(successors, next -> out.text(next.hash()).number(next.seen()))
        .raw(request)
        .toBytes();
  }

  /** Null for bytes that are of another version or damaged. */
  static @Nullable Known of(byte[] bytes) {
    StateReader in = new StateReader(bytes);
    try {
      return in.number() == VERSION
          ? new Known(
              in.number(),
              in.number(),
              in.list(() -> new Successor(in.text(), Math.max(1, in.number()))),
              in.raw())
          : null;
    } catch (StateReader.UnreadableException e) {
      return null;
    }
  }

  /** With another observation of what followed. */
  Known followedBy(String hash) {
    List<Successor> next = new ArrayList<>();
    boolean halve = total() >= MAX_TOTAL;
    long seen = 0;
    for (Successor successor : successors) {
      long counts = halve ? successor.seen() / 2 : successor.seen();
      if (successor.hash().equals(hash)) {
        seen = counts;
      } else if (counts > 0) {
        next.add(new Successor(successor.hash(), counts));
      }
    }
    next.sort(Comparator.comparingLong(Successor::seen).reversed());
    while (next.size() >= MAX_SUCCESSORS) {
      next.removeLast();
    }
    next.add(new Successor(hash, seen + 1));
    next.sort(Comparator.comparingLong(Successor::seen).reversed());
    return new Known(seenMillis, fetchedMillis, List.copyOf(next), request);
  }

  Known seenAt(long millis) {
    return new Known(millis, fetchedMillis, successors, request);
  }

  Known fetchedAt(long millis) {
    return new Known(seenMillis, millis, successors, request);
  }

  /** The most frequent successor. */
  Optional<Successor> likeliest() {
    return successors.isEmpty() ? Optional.empty() : Optional.of(successors.getFirst());
  }

  Succession succession(Successor successor) {
    return new Succession(successor.seen(), total());
  }

  private long total() {
    return successors.stream().mapToLong(Successor::seen).sum();
  }

  /** What it asks; null when its bytes are damaged. */
  @Nullable CompletionRequest asked() {
    try {
      return ModelCodec.request(request);
    } catch (StateReader.UnreadableException | IllegalArgumentException e) {
      return null;
    }
  }
}
