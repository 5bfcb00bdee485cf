package io.millrace.schemas.serde;

import io.millrace.plugin.model.ErrorCode;

/** The Confluent wire format: a zero byte, the schema id as four bytes big-endian, then Avro. */
final class WireFormat {

  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private WireFormat() {}

  static void putHeader(byte[] frame, int id) {
    frame[0] = MAGIC;
    frame[1] = (byte) (id >>> 24);
    frame[2] = (byte) (id >>> 16);
    frame[3] = (byte) (id >>> 8);
    frame[4] = (byte) id;
  }

  /**
   * The schema id of a frame.
   *
   * @throws UndecodableValueException when the bytes are no frame
   */
  static int idOf(byte[] frame) {
    if (frame.length < HEADER_BYTES) {
      throw undecodable(
          "the value has "
              + frame.length
              + " bytes; the Confluent wire format has at least a zero byte and a 4-byte schema"
              + " id");
    }
    if (frame[0] != MAGIC) {
      throw undecodable(
          "the value begins with byte "
              + (frame[0] & 0xff)
              + ", not with the zero byte of the Confluent wire format");
    }
    return (frame[1] & 0xff) << 24
        | (frame[2] & 0xff) << 16
        | (frame[3] & 0xff) << 8
        | (frame[4] & 0xff);
  }

  private static UndecodableValueException undecodable(String message) {
    return new UndecodableValueException(ErrorCode.UNDECODABLE, message, null);
  }
}
