package io.millrace.stages.hooks.redact;

import java.util.function.Consumer;

/** Finds one kind of thing, in time linear in the length of the text. Thread-safe. */
interface Detector {

  /** What it finds. */
  String kind();

  /** Names everything it finds, in order and without overlaps. */
  void find(String text, Consumer<Finding> found);
}
