package io.millrace.ingest;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the results store holds about a request: a byte that says which state, then the time of
 * acceptance or the result exactly as it was on the completions topic.
 */
sealed interface StoredState {

  byte IN_PROGRESS = 1;
  byte FINISHED = 2;

  /** The home stage has the request. */
  record InProgress(long acceptedAtMillis) implements StoredState {}

  /**
   * The request is settled.
   *
   * @param completion in the wire format; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Finished(byte[] completion) implements StoredState {}

  static byte[] inProgress(long acceptedAtMillis) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(IN_PROGRESS).putLong(acceptedAtMillis).array();
  }

  static byte[] finished(byte[] completion) {
    return ByteBuffer.allocate(1 + completion.length).put(FINISHED).put(completion).array();
  }

  static boolean isFinished(byte[] stored) {
    return stored[0] == FINISHED;
  }

  static StoredState read(byte[] stored) {
    return switch (stored[0]) {
      case IN_PROGRESS -> new InProgress(ByteBuffer.wrap(stored, 1, Long.BYTES).getLong());
      case FINISHED -> new Finished(Arrays.copyOfRange(stored, 1, stored.length));
      default -> throw new IllegalStateException("unknown state " + stored[0]);
    };
  }
}
