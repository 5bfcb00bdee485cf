package io.millrace.ingest.access;

import io.millrace.plugin.access.Caller;
import java.util.Set;

/** Who sends a request. */
public sealed interface Identity {

  /** Nobody said. */
  record Anonymous() implements Identity {}

  /**
   * A credential that is right says who.
   *
   * @param caller what travels with the request
   * @param tenant whose it is
   * @param endpoints the HTTP endpoints it may use; empty allows all
   * @param models the models it may ask for, as they stand now; empty allows all
   */
  record Known(Caller caller, String tenant, Set<String> endpoints, Set<String> models)
      implements Identity {

    /** Copies the sets. */
    public Known {
      endpoints = Set.copyOf(endpoints);
      models = Set.copyOf(models);
    }

    /** Somebody whose models are those of the caller itself. */
    public Known(Caller caller, String tenant, Set<String> endpoints) {
      this(caller, tenant, endpoints, caller.models());
    }

    /** Whether it may use an endpoint, or what is below one. */
    public boolean mayUse(String path) {
      return endpoints.isEmpty()
          || endpoints.stream()
              .anyMatch(allowed -> path.equals(allowed) || path.startsWith(allowed + "/"));
    }
  }

  /**
   * The credential is missing or wrong.
   *
   * @param reason for meters, from a closed set; whoever sent it is not told
   */
  record Refused(String reason) implements Identity {}

  /** Whether the credential is right cannot be told at the moment. */
  record Undecided(String reason) implements Identity {}
}
