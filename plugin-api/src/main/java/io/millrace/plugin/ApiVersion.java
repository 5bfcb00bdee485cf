package io.millrace.plugin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of this interface. A plugin names the version it was built for in its jar's manifest
 * as {@value #MANIFEST_ATTRIBUTE}; it is accepted when the major version is the same and the minor
 * version is not newer than {@link #CURRENT}.
 *
 * @param major changes when plugins must be built anew
 * @param minor changes when something is added
 */
public record ApiVersion(int major, int minor) {

  /** The manifest attribute. */
  public static final String MANIFEST_ATTRIBUTE = "Millrace-Api-Version";

  /** The version of the classes at hand. */
  public static final ApiVersion CURRENT = new ApiVersion(1, 0);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /**
   * Reads {@code major.minor}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ApiVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an API version is two numbers with a dot, such as " + CURRENT + ", not '" + text + "'");
    }
    return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Whether a plugin built for this version runs on {@link #CURRENT}. */
  public boolean supported() {
    return major == CURRENT.major && minor <= CURRENT.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
