package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces every text {@code env.NAME} by the environment variable's value. */
final class EnvSubstitution {

  private static final Pattern REFERENCE = Pattern.compile("env\\.([A-Za-z_][A-Za-z0-9_]*)");

  private final Map<String, String> environment;
  private final List<ConfigFault> faults = new ArrayList<>();
  private final Set<String> replaced = new HashSet<>();

  EnvSubstitution(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A copy of the tree with the references replaced. */
  JsonNode apply(JsonNode tree) {
    return replace(tree, ConfigPath.ROOT);
  }

  /** Variables that are not set. */
  List<ConfigFault> faults() {
    return faults;
  }

  /** Whether the value at a path came from the environment. */
  boolean isReplaced(String path) {
    return replaced.contains(path);
  }

  /** The paths of such values below a section, relative to it. */
  List<String> replacedBelow(String section) {
    String prefix = section + ".";
    return replaced.stream()
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()))
        .sorted()
        .toList();
  }

  private JsonNode replace(JsonNode node, String path) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = object.objectNode();
        object.forEachEntry(
            (name, value) -> copy.set(name, replace(value, ConfigPath.member(path, name))));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = array.arrayNode();
        for (int i = 0; i < array.size(); i++) {
          copy.add(replace(array.get(i), ConfigPath.element(path, i)));
        }
        yield copy;
      }
      case TextNode text -> lookUp(text, path);
      default -> node;
    };
  }

  private JsonNode lookUp(TextNode text, String path) {
    Matcher reference = REFERENCE.matcher(text.textValue());
    if (!reference.matches()) {
      return text;
    }
    replaced.add(path);
    String name = reference.group(1);
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      faults.add(
          new ConfigFault(
              path,
              "environment variable %s is not set: export it, or write the value here"
                  .formatted(name)));
      return text;
    }
    return TextNode.valueOf(value);
  }
}
