package io.millrace.plugin.access;

import java.util.Optional;

/**
 * Every key of this pipeline, as this process knows it: a change reaches all processes within
 * seconds. Thread-safe; never waits.
 */
public interface AccessKeys {

  /** No keys at all. */
  AccessKeys NONE = id -> Optional.empty();

  /** The key of an id, revoked and ended ones included; empty when there never was one. */
  Optional<AccessKey> find(String id);
}
