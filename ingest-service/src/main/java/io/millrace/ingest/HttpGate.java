package io.millrace.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.ingest.IngestMeters.Source;
import io.millrace.ingest.access.Credentials;
import io.millrace.ingest.access.Identity;
import io.millrace.ingest.access.Identity.Anonymous;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.ingest.access.Identity.Refused;
import io.millrace.ingest.access.Identity.Undecided;
import io.millrace.plugin.access.Caller;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything under {@code /v1}: finds out who calls and whether they may use the
 * endpoint. The body is not read before that. Thread-safe.
 */
final class HttpGate {

  private static final String PATHS = "/v1/*";
  private static final String IDENTITY = "millrace.identity";

  private final Credentials credentials;
  private final IngestMeters meters;
  private final InstantSource clock;

  HttpGate(Credentials credentials, IngestMeters meters, InstantSource clock) {
    this.credentials = credentials;
    this.meters = meters;
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.before(PATHS, this::identify);
  }

  private void identify(Context call) throws RefusedException {
    Identity identity = credentials.identify(call.header("Authorization"), clock.instant());
    meters.credential(Source.HTTP, outcome(identity));
    switch (identity) {
      case Anonymous anonymous -> {}
      case Known known -> check(known, call);
      case Refused refused -> throw AccessErrors.unauthenticated();
      case Undecided(String reason) ->
          throw new RefusedException(HttpErrors.unavailable(reason + "; nothing was run"));
    }
    call.attribute(IDENTITY, identity);
  }

  private static void check(Known known, Context call) throws RefusedException {
    if (!known.mayUse(call.path())) {
      throw AccessErrors.forbidden("this credential may not use " + call.path());
    }
    String tenant = call.header(HttpSubmission.TENANT);
    if (tenant != null && !tenant.equals(known.tenant())) {
      throw AccessErrors.otherTenant();
    }
  }

  /** Who calls, as the gate found out; empty where nobody had to say. */
  static Optional<Known> sender(Context call) {
    @Nullable Identity identity = call.attribute(IDENTITY);
    if (identity == null) {
      throw new IllegalStateException(call.path() + " was reached past the gate");
    }
    return identity instanceof Known known ? Optional.of(known) : Optional.empty();
  }

  /**
   * Whose call it is: the credential's tenant, which the header may only repeat; else the header's.
   */
  static String tenantOf(Context call, String defaultTenant) throws RefusedException {
    Optional<Known> sender = sender(call);
    return sender.isPresent()
        ? sender.get().tenant()
        : Admission.tenant(
            Objects.requireNonNullElse(call.header(HttpSubmission.TENANT), defaultTenant));
  }

  /** The identity as the value of a tag, from a closed set. */
  static String outcome(Identity identity) {
    return switch (identity) {
      case Anonymous anonymous -> "anonymous";
      case Known known -> kind(known.caller().kind());
      case Refused(String reason) -> reason;
      case Undecided undecided -> "undecided";
    };
  }

  private static String kind(Caller.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
