package io.millrace.stages;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The key under which a hook's exchanges meet. What depends on the request is settled when the
 * PreHook comes and kept in the exchange, so that the PostHook finds the same key whatever became
 * of the request meanwhile.
 */
final class ScopeKeys {

  /** The longest key that a hook may make up, in characters. */
  static final int MAX_OWN_KEY_CHARACTERS = 256;

  private ScopeKeys() {}

  /**
   * Makes sure that the exchange at a hook's PreHook has a key of the hook's own; the group before
   * has asked for it when it sent the exchange here.
   *
   * @throws RuntimeException what the hook throws when it is asked
   */
  static void require(
      ActiveHook active, Exchange exchange, CompletionRequest request, RequestContext context) {
    if (active.descriptor().scope() == Scope.OWN
        && !exchange.getAttributes().containsKey(attribute(active))) {
      checked(active, active.hook().scopeKey(request, context));
      throw new IllegalStateException(
          "hook '%s' says another scope key each time it is asked".formatted(active.name()));
    }
  }

  /** Asks a hook for its own key, and notes it in the exchange. */
  static String settleOwn(
      ActiveHook active, Exchange exchange, CompletionRequest request, RequestContext context) {
    String key = checked(active, active.hook().scopeKey(request, context));
    Map<String, String> attributes = new HashMap<>(exchange.getAttributes());
    attributes.put(attribute(active), key);
    exchange.setAttributes(attributes);
    return key;
  }

  /**
   * The key of an exchange at a hook. A hook without a scope gets the tenant's: what it keeps need
   * not be exact, but tenants never meet in it.
   *
   * @throws IllegalStateException where the hook itself failed to say
   */
  static String of(ActiveHook active, Exchange exchange) {
    return switch (active.descriptor().scope()) {
      case NONE, TENANT -> exchange.getTenant();
      case PROVIDER -> exchange.getTarget().getProvider();
      case CONTENT -> exchange.getFrames().getLast().getScopeKey();
      case OWN -> kept(active, exchange);
    };
  }

  private static String kept(ActiveHook active, Exchange exchange) {
    String key = exchange.getAttributes().get(attribute(active));
    if (key == null) {
      throw new IllegalStateException(
          "hook '%s' has no scope key for request %s: its scopeKey failed, or it passed by before"
              .formatted(active.name(), exchange.getRequestId()));
    }
    return key;
  }

  private static String checked(ActiveHook active, String key) {
    if (key.isEmpty() || key.length() > MAX_OWN_KEY_CHARACTERS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "hook '%s': a scope key has 1 to %d characters, not %,d",
              active.name(),
              MAX_OWN_KEY_CHARACTERS,
              key.length()));
    }
    return key;
  }

  /** No hook's own note has such a name: those begin with the hook's name and a slash. */
  private static String attribute(ActiveHook active) {
    return "scope:" + active.name();
  }
}
