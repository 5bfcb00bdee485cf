package io.millrace.schemas.serde;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Reads Avro from an array that may hold garbage. Nothing is allocated that the remaining bytes do
 * not account for: a length beyond the end is a fault before anything is made of it, and all
 * collections of a value together may not claim more items than the frame has bytes, plus {@value
 * #FREE_ITEMS} for items that take no bytes (nulls, empty records). Reads strings without a copy in
 * between. For one thread, one value.
 */
final class FrameDecoder extends Decoder {

  static final int FREE_ITEMS = 65_536;

  private final byte[] bytes;
  private final int end;
  private int position;
  private long itemsLeft;

  FrameDecoder(byte[] bytes, int start) {
    this.bytes = bytes;
    this.position = start;
    this.end = bytes.length;
    this.itemsLeft = (long) bytes.length + FREE_ITEMS;
  }

  @Override
  public int remainingBytes() {
    return end - position;
  }

  private static IOException fault(String what) {
    return new IOException(what);
  }

  private int claim(long count) throws IOException {
    if (count < 0) {
      throw fault("a negative length (" + count + ")");
    }
    if (count > end - position) {
      throw new EOFException(
          "it wants " + count + " more bytes where " + (end - position) + " are left");
    }
    int start = position;
    position += (int) count;
    return start;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    byte value = bytes[claim(1)];
    if (value != 0 && value != 1) {
      throw fault("a boolean that is " + value);
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readVarint(5);
    int number = (int) value;
    return (number >>> 1) ^ -(number & 1);
  }

  @Override
  public long readLong() throws IOException {
    long value = readVarint(10);
    return (value >>> 1) ^ -(value & 1);
  }

  private long readVarint(int maxBytes) throws IOException {
    long value = 0;
    for (int i = 0; i < maxBytes; i++) {
      byte next = bytes[claim(1)];
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new InvalidNumberEncodingException("a number of more than " + maxBytes + " bytes");
  }

  @Override
  public float readFloat() throws IOException {
    return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
  }

  @Override
  public double readDouble() throws IOException {
    return Double.longBitsToDouble(littleEndian(Double.BYTES));
  }

  private long littleEndian(int count) throws IOException {
    int start = claim(count);
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | (bytes[start + i] & 0xff);
    }
    return value;
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    int length = readLength();
    Utf8 text = old == null ? new Utf8() : old;
    text.setByteLength(length);
    System.arraycopy(bytes, position - length, text.getBytes(), 0, length);
    return text;
  }

  @Override
  public String readString() throws IOException {
    int length = readLength();
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  /** Reads a length and steps over that many bytes. */
  private int readLength() throws IOException {
    long length = readLong();
    claim(length);
    return (int) length;
  }

  @Override
  public void skipString() throws IOException {
    readLength();
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    int length = readLength();
    ByteBuffer value = ByteBuffer.allocate(length);
    return value.put(bytes, position - length, length).flip();
  }

  @Override
  public void skipBytes() throws IOException {
    readLength();
  }

  @Override
  public void readFixed(byte[] target, int start, int length) throws IOException {
    System.arraycopy(bytes, claim(length), target, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    claim(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return readItemCount();
  }

  @Override
  public long arrayNext() throws IOException {
    return readItemCount();
  }

  @Override
  public long readMapStart() throws IOException {
    return readItemCount();
  }

  @Override
  public long mapNext() throws IOException {
    return readItemCount();
  }

  /** A block's item count; a negative one is followed by the block's size in bytes. */
  private long readItemCount() throws IOException {
    long count = readLong();
    if (count < 0) {
      long blockBytes = readLong();
      if (count == Long.MIN_VALUE || blockBytes < 0 || blockBytes > remainingBytes()) {
        throw fault("a collection block that cannot be");
      }
      count = -count;
    }
    spend(count);
    return count;
  }

  private void spend(long items) throws IOException {
    if (items > itemsLeft) {
      throw fault("collections of more items than its bytes could hold");
    }
    itemsLeft -= items;
  }

  @Override
  public long skipArray() throws IOException {
    return skipBlocks();
  }

  @Override
  public long skipMap() throws IOException {
    return skipBlocks();
  }

  /** Skips the blocks that say their size; the count of the first that does not is returned. */
  private long skipBlocks() throws IOException {
    long count = readLong();
    while (count < 0) {
      claim(readLong());
      count = readLong();
    }
    spend(count);
    return count;
  }
}
