package io.millrace.ingest;

import java.util.Optional;

/** Whether the service works. */
interface Vitals {

  /** Whether it can take requests and answer look-ups. */
  boolean ready();

  /** Why it stopped working for good, if it did. */
  Optional<Throwable> failure();
}
