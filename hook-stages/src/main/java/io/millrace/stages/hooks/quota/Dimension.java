package io.millrace.stages.hooks.quota;

import java.util.Locale;

/** What an attempt can be told apart by. */
public enum Dimension {
  /** Who asks: the organisation. */
  TENANT,
  /** The team within the tenant. */
  TEAM,
  /** The key, or the subject of a token. */
  KEY,
  /** The model that the attempt aims at, as its provider names it. */
  MODEL,
  /** The provider that the attempt aims at. */
  PROVIDER;

  /** The name in configurations and answers: lower case. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
