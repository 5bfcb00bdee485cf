package io.millrace.stages.hooks.shed;

import io.millrace.plugin.hook.RequestContext;
import java.util.Locale;

/** How much is left out; each level leaves out what those before it do, and more. */
enum Level {
  /** Nothing. */
  NONE,
  /** Requests that hooks send of their own accord. */
  BACKGROUND,
  /** Lane batch. */
  BATCH,
  /** Lane standard. */
  STANDARD,
  /** Lane interactive: everything. */
  INTERACTIVE;

  private static final Level[] ALL = values();

  /** The level at which a request is left out. */
  static Level of(RequestContext context) {
    if (context.background()) {
      return BACKGROUND;
    }
    return switch (context.lane()) {
      case BATCH -> BATCH;
      case STANDARD -> STANDARD;
      case INTERACTIVE -> INTERACTIVE;
    };
  }

  boolean leavesOut(Level request) {
    return compareTo(request) >= 0;
  }

  Level above() {
    return ALL[ordinal() + 1];
  }

  Level below() {
    return ALL[ordinal() - 1];
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
