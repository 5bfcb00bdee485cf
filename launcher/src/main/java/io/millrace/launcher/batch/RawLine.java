package io.millrace.launcher.batch;

/**
 * One line of a file, without its line end.
 *
 * @param number from 1, blank lines counted
 * @param bytes the line; empty when it was too long to keep
 * @param length how long the line is, also when it was too long to keep
 */
record RawLine(long number, byte[] bytes, long length) {

  /** Whether the line was longer than the reader's bound, so that its bytes are not here. */
  boolean tooLong() {
    return length > bytes.length;
  }
}
