package io.millrace.schemas.serde;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Lends encoders so that their buffers are used again. Not a thread-local: with a virtual thread
 * per call those would be as many buffers as calls. Instead there are {@value #SLOTS} slots, a
 * thread prefers the one its id points to, and whoever finds it empty gets a new encoder. At most
 * {@value #SLOTS} buffers of {@value #MAX_KEPT_BYTES} bytes are kept.
 */
final class FrameEncoders {

  static final int SLOTS = 16;
  static final int MAX_KEPT_BYTES = 256 * 1024;

  private final AtomicReferenceArray<@Nullable FrameEncoder> slots =
      new AtomicReferenceArray<>(SLOTS);

  /** An encoder nobody else has, ready to write. */
  FrameEncoder take() {
    FrameEncoder kept = slots.getAndSet(slot(), null);
    FrameEncoder encoder = kept == null ? new FrameEncoder() : kept;
    encoder.begin();
    return encoder;
  }

  /** Takes an encoder back; the caller must not use it any more. */
  void giveBack(FrameEncoder encoder) {
    if (encoder.capacityBytes() <= MAX_KEPT_BYTES) {
      slots.set(slot(), encoder);
    }
  }

  private static int slot() {
    return (int) (Thread.currentThread().threadId() % SLOTS);
  }
}
