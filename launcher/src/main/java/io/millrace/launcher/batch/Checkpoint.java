package io.millrace.launcher.batch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the result files held, safely on disk, when the place in the results topic was last saved. A
 * saved place counts only for files that still begin with exactly these bytes.
 *
 * @param output of the output file
 * @param errors of the errors file
 */
record Checkpoint(Extent output, Extent errors) {

  /** Empty files. */
  static final Checkpoint NOTHING = new Checkpoint(Extent.EMPTY, Extent.EMPTY);

  /** What no files can match. */
  static final Checkpoint NEVER = new Checkpoint(new Extent(Long.MAX_VALUE, 0), Extent.EMPTY);

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,18})/([0-9a-f]{8}),(\\d{1,18})/([0-9a-f]{8})");

  /**
   * The beginning of a file.
   *
   * @param bytes how long it is
   * @param crc its CRC-32C
   */
  record Extent(long bytes, int crc) {
    static final Extent EMPTY = new Extent(0, 0);

    private String encode() {
      return bytes + "/" + String.format("%08x", crc);
    }
  }

  /** As text, e.g. {@code 120/0badcafe,0/00000000}. */
  String encode() {
    return output.encode() + "," + errors.encode();
  }

  /** Reads what {@link #encode} wrote; empty for anything else. */
  static Optional<Checkpoint> decode(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Checkpoint(
            extent(matcher.group(1), matcher.group(2)),
            extent(matcher.group(3), matcher.group(4))));
  }

  private static Extent extent(String bytes, String crc) {
    return new Extent(Long.parseLong(bytes), Integer.parseUnsignedInt(crc, 16));
  }
}
