package io.millrace.launcher.batch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the requests of a batch, the same in every run: {@code name:custom_id:fingerprint}. The
 * fingerprint of the line keeps an answer to an older wording from being taken for the answer to a
 * corrected one. A {@code custom_id} that an id cannot hold as it is stands there as its SHA-256
 * behind a colon, {@code name::digest:fingerprint}. A failed line that is tried again has a round
 * behind the fingerprint: {@code name:custom_id:fingerprint.2}. Not thread-safe.
 */
final class RequestIds {

  private static final int MAX_NAME_CHARS = 64;
  private static final int MAX_ID_CHARS = 256;

  /** Colon, fingerprint, dot and round. */
  private static final int MAX_SUFFIX_CHARS = 1 + 8 + 1 + 10;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_NAME_CHARS + "}");
  private static final Pattern ROUND = Pattern.compile(":[0-9a-f]{8}\\.([0-9]{1,9})$");
  private static final HexFormat HEX = HexFormat.of();

  private final String prefix;
  private final MessageDigest sha256 = sha256();

  /** Ids of the batch with a name that {@link #legalName} accepts. */
  RequestIds(String name) {
    if (!legalName(name)) {
      throw new IllegalArgumentException("not a batch name: " + name);
    }
    this.prefix = prefix(name);
  }

  /** Whether a batch may be called this: 1 to 64 letters, digits and . _ -. */
  static boolean legalName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The name of a batch that was given none: its input file's, without the ending. */
  static String nameOf(String fileName) {
    int dot = fileName.lastIndexOf('.');
    String stem = dot > 0 ? fileName.substring(0, dot) : fileName;
    String legal = stem.replaceAll("[^A-Za-z0-9._-]", "-");
    return legal.isEmpty() ? "batch" : legal.substring(0, Math.min(MAX_NAME_CHARS, legal.length()));
  }

  /** What every id of a batch starts with, and no id of another batch. */
  static String prefix(String name) {
    return name + ":";
  }

  /**
   * The id of a line.
   *
   * @param round 0 for the first try, then one more for each time a failed line is run again
   */
  String of(String customId, int fingerprint, int round) {
    boolean plain =
        legal(customId) && prefix.length() + customId.length() + MAX_SUFFIX_CHARS <= MAX_ID_CHARS;
    String middle = plain ? customId : ":" + digest(customId);
    String id = prefix + middle + ":" + HEX.toHexDigits(fingerprint);
    return round == 0 ? id : id + "." + round;
  }

  /** Which try an id belongs to. */
  static int roundOf(String requestId) {
    Matcher matcher = ROUND.matcher(requestId);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static boolean legal(String customId) {
    if (customId.startsWith(":")) {
      return false;
    }
    for (int i = 0; i < customId.length(); i++) {
      char c = customId.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && c != '.' && c != '_' && c != ':' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private String digest(String text) {
    return HEX.formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
