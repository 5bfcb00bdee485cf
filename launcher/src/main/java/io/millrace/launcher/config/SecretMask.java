package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.ConfigPath;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Hides what must not be shown. What came from a variable shows the variable's name instead. */
final class SecretMask {

  static final String MASK = "********";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(password|secret|token|credential|jaas|user\\.info|private|keystore\\.key|api_?key).*");
  private static final Pattern SECRET_PATH =
      Pattern.compile("providers\\.[^.]*\\.(keys\\[\\d+]\\.value|headers\\..*)");

  private final Predicate<String> fromEnvironment;

  private SecretMask(Predicate<String> fromEnvironment) {
    this.fromEnvironment = fromEnvironment;
  }

  /** Masks in place. */
  static ObjectNode mask(ObjectNode tree, Predicate<String> fromEnvironment) {
    new SecretMask(fromEnvironment).maskMembers(tree, ConfigPath.ROOT);
    return tree;
  }

  private void maskMembers(ObjectNode section, String parent) {
    for (var member : section.properties()) {
      String path = ConfigPath.member(parent, member.getKey());
      if (member.getValue().isValueNode() && hides(path, member.getKey(), member.getValue())) {
        section.put(member.getKey(), MASK);
      }
      descend(member.getValue(), path);
    }
  }

  private void descend(JsonNode node, String path) {
    switch (node) {
      case ObjectNode section -> maskMembers(section, path);
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          descend(list.get(i), ConfigPath.element(path, i));
        }
      }
      default -> {}
    }
  }

  private boolean hides(String path, String name, JsonNode value) {
    return !fromEnvironment.test(path)
        && value.isTextual()
        && (SECRET_NAME.matcher(name).matches() || SECRET_PATH.matcher(path).matches());
  }
}
