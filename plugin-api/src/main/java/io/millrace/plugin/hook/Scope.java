package io.millrace.plugin.hook;

/**
 * The key by which a hook's exchanges are brought together: exchanges of one scope key are seen by
 * one thread, one after the other, so the state kept under that key is exact over any number of
 * instances. Neighbours of the same scope share a stage; a change of scope costs a topic each way.
 */
public enum Scope {
  /**
   * No key: the hook keeps no state, or none that must be exact. Runs wherever its neighbour does.
   */
  NONE,
  /** The tenant. */
  TENANT,
  /** The content of the request: equal requests of all tenants meet. */
  CONTENT,
  /** The provider that the attempt aims at. */
  PROVIDER,
  /** A key of the hook's own, see {@link Hook#scopeKey}. */
  OWN
}
