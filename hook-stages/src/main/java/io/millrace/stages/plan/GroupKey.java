package io.millrace.stages.plan;

import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.topic.HomeScope;
import java.util.Locale;

/** The key of the records on a group's topics, and so of its hooks' state. */
public enum GroupKey {
  /** The tenant. */
  TENANT("tenant"),
  /** The exchange: a home group that spreads each tenant over all partitions. */
  EXCHANGE("exchange id"),
  /** The hash of the canonical request. */
  CONTENT("content hash"),
  /** The provider that the attempt aims at. */
  PROVIDER("provider"),
  /** What the hook itself says. */
  OWN("the hook's own key");

  private final String description;

  GroupKey(String description) {
    this.description = description;
  }

  /** What the key is, in a few words for people. */
  public String description() {
    return description;
  }

  /** What names of groups begin with: one lower case word. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The key of the home group. */
  static GroupKey of(HomeScope scope) {
    return switch (scope) {
      case TENANT -> TENANT;
      case REQUEST -> EXCHANGE;
    };
  }

  /** Whether a hook of this scope finds its key here and may run in a group that has begun. */
  boolean suits(Scope scope) {
    return switch (scope) {
      case NONE -> true;
      case TENANT -> this == TENANT;
      case CONTENT -> this == CONTENT;
      case PROVIDER -> this == PROVIDER;
      case OWN -> false;
    };
  }

  /** The key of a group that a hook of this scope begins; a hook without scope begins none. */
  static GroupKey begunBy(Scope scope) {
    return switch (scope) {
      case TENANT -> TENANT;
      case CONTENT -> CONTENT;
      case PROVIDER -> PROVIDER;
      case OWN -> OWN;
      case NONE ->
          throw new IllegalArgumentException("a hook without a scope runs with its neighbour");
    };
  }
}
