package io.millrace.stages.hooks.cache;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;

/**
 * A cache that all tenants share is kept in a fixed number of shares, each within its part of the
 * bounds. Under a key for each content nothing would bound it: nobody would ever come by to remove
 * what is not asked for again.
 */
final class Shares {

  /** How many there are: enough to keep every partition busy. */
  static final int COUNT = 64;

  private Shares() {}

  /** The share of a request: the same for requests that say the same. */
  static String of(CompletionRequest request) {
    int hash = 0;
    for (Message message : request.messages()) {
      hash = 31 * hash + message.text().hashCode();
    }
    hash *= 0x9E3779B1;
    return "share-" + ((hash >>> 16) & (COUNT - 1));
  }
}
