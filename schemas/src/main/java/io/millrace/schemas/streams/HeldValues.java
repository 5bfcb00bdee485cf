package io.millrace.schemas.streams;

import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * How values are held in memory that a plain store would have written.
 *
 * @param weigher about how many bytes one takes
 * @param copy makes what goes in and out independent of what is held
 */
public record HeldValues<V>(ToLongFunction<V> weigher, UnaryOperator<V> copy) {

  /** Arrays, which whoever puts or gets them may change. */
  public static HeldValues<byte[]> bytes() {
    return new HeldValues<>(value -> value.length, byte[]::clone);
  }

  /**
   * Values that nobody changes, or that are put back by whoever does.
   *
   * @param bytesEach about how many one takes
   */
  public static <V> HeldValues<V> shared(long bytesEach) {
    return new HeldValues<>(value -> bytesEach, UnaryOperator.identity());
  }
}
