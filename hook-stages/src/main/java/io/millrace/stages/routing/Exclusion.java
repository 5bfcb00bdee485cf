package io.millrace.stages.routing;

import java.util.Locale;

/** Why a candidate is passed over while others are left. */
public enum Exclusion {
  /** The configuration or an operator took it out. */
  BLOCKED("is blocked"),
  /** The sender's credential does not reach it. */
  FORBIDDEN("is not among the models of the sender's key"),
  /** The request has images, and the model takes none. */
  VISION("takes no images"),
  /** The caller wants chunks, and the model cannot stream. */
  STREAMING("cannot stream"),
  /** The prompt, or what it is to generate, is too long for it. */
  SIZE("has too small a context for this request"),
  /** It does not work. */
  DOWN("is down"),
  /** It recovers, and this request is not of the share it gets. */
  RECOVERING("recovers, and gets a share of requests that this one is not in");

  private final String text;

  Exclusion(String text) {
    this.text = text;
  }

  /** Follows the candidate's name in a sentence. */
  public String text() {
    return text;
  }

  /** Whether it is about the candidate's health; such a candidate still serves as a last resort. */
  boolean ofHealth() {
    return this == DOWN || this == RECOVERING;
  }

  /** The name in metrics. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
