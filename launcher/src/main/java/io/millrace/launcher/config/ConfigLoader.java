package io.millrace.launcher.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.plugins.schema.EnvTyping;
import io.millrace.plugins.schema.JsonSchema.Violation;
import io.millrace.plugins.schema.SchemaFaults;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Turns a file and the environment into the configuration in force, or into every fault at once.
 */
public final class ConfigLoader {

  /** The file names looked for in the working folder when no file is given, in this order. */
  public static final List<String> FILE_NAMES = List.of("millrace.yaml", "millrace.json");

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private final ConfigSchema schema = ConfigSchema.load();
  private final Map<String, String> environment;
  private final Predicate<ConfigFault> mayBeUnset;

  private ConfigLoader(Map<String, String> environment, Predicate<ConfigFault> mayBeUnset) {
    this.environment = Map.copyOf(environment);
    this.mayBeUnset = mayBeUnset;
  }

  /** A loader that takes {@code env.NAME} from these variables. */
  public ConfigLoader(Map<String, String> environment) {
    this(environment, unset -> false);
  }

  /**
   * The same for a program that calls no provider and runs no plugin, such as a command in another
   * terminal: variables that only those need may be missing, and stay {@code env.NAME}.
   */
  public static ConfigLoader ofClient(Map<String, String> environment) {
    return new ConfigLoader(
        environment,
        unset -> unset.path().startsWith("providers.") || unset.path().startsWith("plugins["));
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException with every fault that was found
   */
  public LoadedConfig load(Path file) {
    return build(file.toString(), read(file));
  }

  /** The configuration without a file. */
  public LoadedConfig withoutFile() {
    return build("the environment", JSON.createObjectNode());
  }

  /** The file in a folder that is used when none is given. */
  public static Optional<Path> find(Path folder) {
    return FILE_NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  private LoadedConfig build(String source, ObjectNode written) {
    EnvSubstitution substitution = new EnvSubstitution(environment);
    ObjectNode tree = (ObjectNode) substitution.apply(written);
    List<ConfigFault> faults = new ArrayList<>(substitution.faults());
    faults.removeIf(mayBeUnset);
    faults.addAll(schemaFaults(tree, substitution));
    faults.addAll(KafkaKeys.faults(tree.path("kafka")));
    failIfAny(source, faults);
    ObjectNode effective = schema.withDefaults(Profiles.under(tree, environment));
    faults.addAll(new ConfigChecks(effective).faults());
    failIfAny(source, faults);
    return new LoadedConfig(
        source,
        ConfigBinding.bind(effective, substitution),
        SecretMask.mask(
            schema.withDefaults(Profiles.under(written, environment)), substitution::isReplaced));
  }

  private List<ConfigFault> schemaFaults(ObjectNode tree, EnvSubstitution substitution) {
    if (tree.isEmpty()) {
      return List.of();
    }
    SchemaFaults words = new SchemaFaults(tree);
    for (Violation violation : schema.violations(tree)) {
      if (substitution.isReplaced(words.path(violation.at()))) {
        EnvTyping.retype(tree, violation);
      }
    }
    return schema.violations(tree).stream().map(words::describe).distinct().toList();
  }

  private static void failIfAny(String source, List<ConfigFault> faults) {
    if (!faults.isEmpty()) {
      throw new ConfigException(source, faults);
    }
  }

  private static ObjectNode read(Path file) {
    ObjectMapper mapper = file.toString().endsWith(".json") ? JSON : YAML;
    try {
      JsonNode tree = mapper.readTree(Files.readString(file));
      return switch (tree) {
        case ObjectNode object -> object;
        default -> {
          if (tree.isMissingNode() || tree.isNull()) {
            yield mapper.createObjectNode();
          }
          throw fault(file, "must be a section with keys at its top");
        }
      };
    } catch (JsonProcessingException e) {
      throw fault(file, syntax(e));
    } catch (NoSuchFileException e) {
      throw fault(file, "there is no such file: check --config, or leave it out for the defaults");
    } catch (MalformedInputException e) {
      throw fault(file, "is not text in UTF-8");
    } catch (IOException e) {
      throw fault(file, "cannot be read (%s)".formatted(e.getMessage()));
    }
  }

  private static ConfigException fault(Path file, String message) {
    return new ConfigException(file.toString(), List.of(new ConfigFault(ConfigPath.ROOT, message)));
  }

  private static String syntax(JsonProcessingException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("cannot be parsed");
    return e.getLocation() == null
        ? what
        : "line %d, column %d: %s"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), what);
  }
}
