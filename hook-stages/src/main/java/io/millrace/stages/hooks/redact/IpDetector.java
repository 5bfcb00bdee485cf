package io.millrace.stages.hooks.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds addresses of the Internet Protocol. Their mask is the network they are of: without the last
 * 8 bits of an IPv4 address, without the last 80 bits of an IPv6 address.
 */
record IpDetector() implements Detector {

  private static final Pattern V4 =
      Pattern.compile("(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?!\\w|\\.\\d)");
  private static final Pattern V6 =
      Pattern.compile("(?<![\\w:.])[0-9A-Fa-f:]{2,39}+(?![\\w:]|\\.\\d)");
  private static final int GROUPS = 8;
  private static final int GROUPS_KEPT = 3;

  @Override
  public String kind() {
    return "ip";
  }

  @Override
  public void find(String text, Consumer<Finding> found) {
    if (text.indexOf('.') >= 0) {
      find(V4.matcher(text), IpDetector::network4, found);
    }
    if (text.indexOf(':') >= 0) {
      find(V6.matcher(text), IpDetector::network6, found);
    }
  }

  private interface Network {
    @Nullable String of(String address);
  }

  private void find(Matcher matcher, Network network, Consumer<Finding> found) {
    while (matcher.find()) {
      String address = withoutColon(matcher.group());
      String mask = network.of(address);
      if (mask != null) {
        int start = matcher.start();
        found.accept(new Finding(start, start + address.length(), kind(), mask));
      }
    }
  }

  /** A sentence may go on with a colon after an address. */
  private static String withoutColon(String address) {
    return address.endsWith(":") && !address.endsWith("::")
        ? address.substring(0, address.length() - 1)
        : address;
  }

  private static @Nullable String network4(String address) {
    for (String part : address.split("\\.", -1)) {
      if (Integer.parseInt(part) > 255) {
        return null;
      }
    }
    return address.substring(0, address.lastIndexOf('.')) + ".0";
  }

  /** Null for what is none: a time of day, a name in C++. */
  private static @Nullable String network6(String address) {
    int gap = address.indexOf("::");
    if (gap != address.lastIndexOf("::") || address.chars().noneMatch(Character::isDigit)) {
      return null;
    }
    List<String> head = groups(gap < 0 ? address : address.substring(0, gap));
    List<String> tail = groups(gap < 0 ? "" : address.substring(gap + 2));
    int count = head.size() + tail.size();
    boolean complete = gap < 0 ? count == GROUPS : count >= 2 && count < GROUPS;
    if (!complete || !wellFormed(head) || !wellFormed(tail)) {
      return null;
    }
    List<String> all = new ArrayList<>(head);
    while (all.size() + tail.size() < GROUPS) {
      all.add("0");
    }
    all.addAll(tail);
    return String.join(":", all.subList(0, GROUPS_KEPT)).toLowerCase(Locale.ROOT) + "::";
  }

  private static List<String> groups(String part) {
    return part.isEmpty() ? List.of() : List.of(part.split(":", -1));
  }

  private static boolean wellFormed(List<String> groups) {
    return groups.stream().allMatch(group -> !group.isEmpty() && group.length() <= 4);
  }
}
