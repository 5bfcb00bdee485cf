package io.millrace.stages.hooks.cache;

import java.util.Locale;

/** What became of a request at the cache; the caller is told by a response header. */
enum Result {
  /** The answer was there. */
  HIT,
  /** It was not. */
  MISS,
  /** It came with another request's call. */
  COALESCED,
  /** The request asked for a new one. */
  REFRESH,
  /** The request asked to leave the cache alone, or is of a kind that is not cached. */
  BYPASS,
  /** A request that the cache itself sent. */
  BACKGROUND;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  String wireName() {
    return wireName;
  }
}
