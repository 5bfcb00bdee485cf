package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What exchanges that share one call have in common: the hook, its scope key and the key it joined
 * by. As text every part but the hook's name, which has no colon, stands behind its length, so that
 * no key is the beginning of another.
 */
final class JoinKey {

  private static final String LEADS = "join:";

  private JoinKey() {}

  static String of(String hook, String scopeKey, String key) {
    return hook + ":" + scopeKey.length() + ":" + scopeKey + ":" + key.length() + ":" + key;
  }

  /** Notes that the exchange leads at a hook in this attempt. */
  static void noteLead(Exchange exchange, String hook, String joinKey) {
    Map<String, String> attributes = new HashMap<>(exchange.getAttributes());
    attributes.put(attribute(hook), joinKey);
    exchange.setAttributes(attributes);
  }

  /** Notes that the exchange leads no more at a hook. */
  static void removeLead(Exchange exchange, String hook) {
    Map<String, String> attributes = new HashMap<>(exchange.getAttributes());
    attributes.remove(attribute(hook));
    exchange.setAttributes(attributes);
  }

  /** The keys by which the exchange leads. */
  static List<String> led(Exchange exchange) {
    return exchange.getAttributes().entrySet().stream()
        .filter(note -> note.getKey().startsWith(LEADS))
        .map(Map.Entry::getValue)
        .toList();
  }

  /**
   * The attribute that holds the key by which an exchange leads at a hook. No hook's own note has
   * such a name: those begin with the hook's name and a slash.
   */
  static String attribute(String hook) {
    return LEADS + hook;
  }
}
