package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import java.util.HashMap;
import java.util.Map;

/**
 * What exchanges that share one call have in common: the hook, its scope key and the key it joined
 * by. As text every part but the hook's name, which has no colon, stands behind its length, so that
 * no key is the beginning of another.
 */
final class JoinKey {

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

  /**
   * The attribute that holds the key by which an exchange leads at a hook. No hook's own note has
   * such a name: those begin with the hook's name and a slash.
   */
  static String attribute(String hook) {
    return "join:" + hook;
  }
}
