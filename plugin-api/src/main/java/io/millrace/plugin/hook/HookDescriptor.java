package io.millrace.plugin.hook;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a hook says of itself. Immutable; made with {@link #of}.
 *
 * @param name unique in a chain: 1 to 64 lower case letters, digits and hyphens, a letter first
 * @param version the plugin's own version, for lists
 * @param description one sentence, for lists
 * @param scope the key by which its state is partitioned
 * @param stateful whether it keeps state; without it {@link RequestContext#state()} refuses
 * @param remote whether it must wait for something (a call over the network, say) and is therefore
 *     run by workers off the stream thread; a remote hook keeps no state
 * @param order lower comes first; hooks of equal order run as the configuration lists them
 * @param dependsOn hooks that must be in the chain before it
 * @param onError what an exception in it does when the configuration does not say
 * @param timeBudget how long one call may take before it is counted and reported as slow; for a
 *     remote hook, before it is given up
 * @param configSchema JSON Schema (draft 2020-12) of its configuration, or null when any will do
 */
public record HookDescriptor(
    String name,
    String version,
    String description,
    Scope scope,
    boolean stateful,
    boolean remote,
    int order,
    List<String> dependsOn,
    OnError onError,
    Duration timeBudget,
    @Nullable String configSchema) {

  /** How long a call may take by default: hooks run on stream threads and must not wait. */
  public static final Duration DEFAULT_TIME_BUDGET = Duration.ofMillis(50);

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  /** Checks the name and that a remote hook keeps no state. */
  public HookDescriptor {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a hook's name is 1 to 64 lower case letters, digits and hyphens, a letter first; not '"
              + name
              + "'");
    }
    if (remote && stateful) {
      throw new IllegalArgumentException(
          "hook '" + name + "' is remote and stateful; a remote hook runs where no state is");
    }
    if (timeBudget.isNegative() || timeBudget.isZero()) {
      throw new IllegalArgumentException("timeBudget must be positive, is " + timeBudget);
    }
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(onError, "onError");
    dependsOn = List.copyOf(dependsOn);
  }

  /**
   * Begins the descriptor of a hook without state, scope and dependencies, that lets requests pass
   * when it throws.
   */
  public static Builder of(String name, String description) {
    return new Builder(name, description);
  }

  /** Adds to the defaults what differs from them. Used by one thread. */
  public static final class Builder {

    private final String name;
    private final String description;
    private String version = "0";
    private Scope scope = Scope.NONE;
    private boolean stateful;
    private boolean remote;
    private int order;
    private List<String> dependsOn = List.of();
    private OnError onError = OnError.CONTINUE;
    private Duration timeBudget = DEFAULT_TIME_BUDGET;
    private @Nullable String configSchema;

    private Builder(String name, String description) {
      this.name = name;
      this.description = description;
    }

    /** The plugin's version. */
    public Builder version(String value) {
      version = value;
      return this;
    }

    /** Where it runs, without state. */
    public Builder scope(Scope value) {
      scope = value;
      return this;
    }

    /** It keeps exact state by the key of this scope. */
    public Builder stateBy(Scope value) {
      scope = value;
      stateful = true;
      return this;
    }

    /**
     * It must wait for something, and is given up after this time. A remote hook has no {@link
     * Hook#preRequest}: that runs on the stream thread, so the start is refused. It has no {@link
     * Hook#operate} for the same reason.
     */
    public Builder remote(Duration timeout) {
      remote = true;
      timeBudget = timeout;
      return this;
    }

    /** Its place; lower comes first. */
    public Builder order(int value) {
      order = value;
      return this;
    }

    /** Hooks that must be in the chain before it. */
    public Builder dependsOn(String... hooks) {
      dependsOn = List.of(hooks);
      return this;
    }

    /** What an exception in it does. */
    public Builder onError(OnError value) {
      onError = value;
      return this;
    }

    /** How long a call may take before it is reported as slow. */
    public Builder timeBudget(Duration value) {
      timeBudget = value;
      return this;
    }

    /** JSON Schema that its configuration is held to before it is created. */
    public Builder configSchema(String jsonSchema) {
      configSchema = jsonSchema;
      return this;
    }

    /** The descriptor. */
    public HookDescriptor build() {
      return new HookDescriptor(
          name,
          version,
          description,
          scope,
          stateful,
          remote,
          order,
          dependsOn,
          onError,
          timeBudget,
          configSchema);
    }
  }
}
