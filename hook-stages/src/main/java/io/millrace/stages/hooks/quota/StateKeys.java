package io.millrace.stages.hooks.quota;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * Names of state by subject. Each value stands behind its length, so no two lists of values have
 * the same name and none is the beginning of another's.
 */
public final class StateKeys {

  /** The longest name of values; longer ones are replaced by their hash. */
  public static final int MAX_CHARACTERS = 300;

  private StateKeys() {}

  /** The name of a list of values: at most {@value #MAX_CHARACTERS} characters. */
  public static String of(Collection<String> values) {
    StringBuilder key = new StringBuilder();
    for (String value : values) {
      key.append(value.length()).append(':').append(value).append('/');
    }
    return key.length() <= MAX_CHARACTERS ? key.toString() : "#" + hash(key.toString());
  }

  /** The values of a name, for people: joined by a comma; of a name that is a hash, that. */
  public static String shown(String key) {
    StringJoiner values = new StringJoiner(", ");
    int at = 0;
    while (at < key.length() && key.charAt(at) != '#') {
      int colon = key.indexOf(':', at);
      int end = colon + 1 + Integer.parseInt(key, at, colon, 10);
      values.add(key.substring(colon + 1, end));
      at = end + 1;
    }
    return at < key.length() ? key : values.toString();
  }

  private static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
