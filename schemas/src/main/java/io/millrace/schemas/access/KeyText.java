package io.millrace.schemas.access;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a key is written down: {@code mr_<id>_<secret>}, and {@code mrs_<id>_<secret>} where it is
 * for signing. The id is no secret.
 *
 * @param id 4 to 32 lower case letters and digits
 * @param secret 64 hexadecimal digits
 */
public record KeyText(String id, String secret) {

  private static final String KEY = "mr_";
  private static final String SIGNING = "mrs_";
  private static final Pattern ID = Pattern.compile("[a-z0-9]{4,32}");
  private static final Pattern TEXT = Pattern.compile("mr_([a-z0-9]{4,32})_([0-9a-f]{64})");

  /** Whether a text is meant to be one of this pipeline's keys, right or wrong. */
  public static boolean isMeant(String text) {
    return text.startsWith(KEY) || text.startsWith(SIGNING);
  }

  /** Whether a text may be a key's id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The key in a text; empty when it is none, a signing key included. */
  public static Optional<KeyText> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new KeyText(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The text of a signing key. */
  static String signing(String id, String secret) {
    return SIGNING + id + "_" + secret;
  }

  /** The key as its owner writes it; a secret. */
  public String text() {
    return KEY + id + "_" + secret;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return KEY + id + "_********";
  }
}
