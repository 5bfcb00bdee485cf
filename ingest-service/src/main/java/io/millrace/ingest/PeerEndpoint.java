package io.millrace.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.ingest.ResultQueries.NotNowException;
import java.util.Optional;

/**
 * Answers other instances about what this one holds. It never asks further, so no question goes
 * round in circles.
 */
final class PeerEndpoint {

  static final String PATH = "/internal/results/";

  /** Not 404, which a server without this endpoint would answer, too. */
  private static final byte[] NOTHING_HELD = {};

  private final LocalResults results;
  private final PeerProof proof;

  PeerEndpoint(LocalResults results, PeerProof proof) {
    this.results = results;
    this.proof = proof;
  }

  /** What one instance holds. */
  @FunctionalInterface
  interface LocalResults {
    Optional<byte[]> find(String tenant, String requestId) throws NotNowException;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH + "{tenant}/{id}", this::get);
  }

  private void get(Context call) throws RefusedException {
    String tenant = Admission.tenant(call.pathParam("tenant"));
    String requestId = Admission.requestId(call.pathParam("id"));
    if (!proof.holds(call.header(PeerProof.HEADER), tenant, requestId)) {
      throw AccessErrors.unauthenticated();
    }
    try {
      byte[] stored = results.find(tenant, requestId).orElse(NOTHING_HELD);
      call.contentType("application/octet-stream").result(stored);
    } catch (NotNowException e) {
      throw new RefusedException(HttpErrors.unavailable(String.valueOf(e.getMessage())));
    }
  }
}
