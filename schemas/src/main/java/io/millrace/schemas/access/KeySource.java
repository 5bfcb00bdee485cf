package io.millrace.schemas.access;

import java.util.Optional;

/** Where checks find keys. */
@FunctionalInterface
interface KeySource {
  Optional<KnownKey> known(String id);
}
