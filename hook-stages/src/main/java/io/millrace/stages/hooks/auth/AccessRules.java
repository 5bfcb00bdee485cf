package io.millrace.stages.hooks.auth;

import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.model.Lane;
import io.millrace.schemas.access.ModelRights;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Decides whether an attempt may go on. Pure but for the keys, which may change at any time. */
final class AccessRules {

  /**
   * How long after acceptance a key may be unknown: the instance that accepted the request may have
   * read of a new key before this one.
   */
  static final Duration NEWS_TRAVELS = Duration.ofSeconds(3);

  private final AccessKeys keys;
  private final boolean required;

  AccessRules(AccessKeys keys, boolean required) {
    this.keys = keys;
    this.required = required;
  }

  Decision decide(HookContext context) {
    Optional<Caller> caller = context.caller();
    if (caller.isEmpty()) {
      return required ? Decision.MISSING : Decision.ANONYMOUS;
    }
    return switch (caller.get().kind()) {
      case KEY -> key(caller.get().id(), context);
      case TOKEN -> token(caller.get(), context);
    };
  }

  private Decision key(String id, HookContext context) {
    Optional<AccessKey> found = keys.find(id);
    if (found.isEmpty()) {
      return context.now().isBefore(context.acceptedAt().plus(NEWS_TRAVELS))
          ? Decision.NOT_YET_KNOWN
          : Decision.UNKNOWN;
    }
    AccessKey key = found.get();
    if (key.revoked()) {
      return Decision.REVOKED;
    }
    if (!key.validAt(context.now())) {
      return Decision.EXPIRED;
    }
    if (!key.tenant().equals(context.tenant())) {
      return Decision.TENANT;
    }
    return reach(key.models(), key.lanes(), context);
  }

  private static Decision token(Caller caller, HookContext context) {
    Instant expiresAt = caller.expiresAt();
    return expiresAt != null && !context.now().isBefore(expiresAt)
        ? Decision.EXPIRED
        : reach(caller.models(), caller.lanes(), context);
  }

  private static Decision reach(Set<String> models, Set<Lane> lanes, HookContext context) {
    if (!ModelRights.reach(models, context.target())) {
      return Decision.MODEL;
    }
    return lanes.isEmpty() || lanes.contains(context.lane()) ? Decision.ALLOWED : Decision.LANE;
  }
}
