package io.millrace.schemas.serde;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/**
 * Writes Avro straight into the array that the frame is cut from, so that a value is copied once
 * and not twice. For one thread at a time; {@link #begin} makes it ready for the next value.
 */
final class FrameEncoder extends BinaryEncoder {

  private static final int INITIAL_BYTES = 1024;
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] buffer = new byte[INITIAL_BYTES];
  private int length = WireFormat.HEADER_BYTES;

  /** Forgets what was written before. */
  void begin() {
    length = WireFormat.HEADER_BYTES;
  }

  /** The finished frame, the caller's own. */
  byte[] frame(int id) {
    WireFormat.putHeader(buffer, id);
    return Arrays.copyOf(buffer, length);
  }

  /** What this object keeps in memory. */
  int capacityBytes() {
    return buffer.length;
  }

  private void reserve(int bytes) {
    int needed = Math.addExact(length, bytes);
    if (needed > buffer.length) {
      long doubled = Math.min(2L * buffer.length, Integer.MAX_VALUE - 8);
      buffer = Arrays.copyOf(buffer, (int) Math.max(needed, doubled));
    }
  }

  @Override
  public void writeBoolean(boolean value) {
    reserve(1);
    buffer[length++] = (byte) (value ? 1 : 0);
  }

  @Override
  public void writeInt(int value) {
    reserve(MAX_VARINT_BYTES);
    length += BinaryData.encodeInt(value, buffer, length);
  }

  @Override
  public void writeLong(long value) {
    reserve(MAX_VARINT_BYTES);
    length += BinaryData.encodeLong(value, buffer, length);
  }

  @Override
  public void writeFloat(float value) {
    reserve(Float.BYTES);
    length += BinaryData.encodeFloat(value, buffer, length);
  }

  @Override
  public void writeDouble(double value) {
    reserve(Double.BYTES);
    length += BinaryData.encodeDouble(value, buffer, length);
  }

  @Override
  public void writeFixed(byte[] bytes, int start, int count) {
    reserve(count);
    System.arraycopy(bytes, start, buffer, length, count);
    length += count;
  }

  @Override
  public void writeFixed(ByteBuffer bytes) {
    int count = bytes.remaining();
    reserve(count);
    bytes.get(bytes.position(), buffer, length, count);
    length += count;
  }

  @Override
  protected void writeZero() {
    reserve(1);
    buffer[length++] = 0;
  }

  @Override
  public int bytesBuffered() {
    return length;
  }

  @Override
  public void flush() {}
}
