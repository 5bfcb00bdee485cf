package io.millrace.ingest.access;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How tokens that somebody else signs (JWT, RFC 7519) are checked and read.
 *
 * @param jwks path or address of the signer's public keys (RFC 7517)
 * @param issuer what {@code iss} must be, or null for any
 * @param audience what {@code aud} must contain, or null for any
 * @param tenantClaim the claim that says whose it is; required in every token
 * @param teamClaim the claim with the team within the tenant, or null
 * @param modelsClaim the claim with the models that the token allows, or null
 * @param lanesClaim the claim with the lanes that the token allows, or null
 * @param algorithms accepted signatures, none of them symmetric
 */
public record JwtSettings(
    String jwks,
    @Nullable String issuer,
    @Nullable String audience,
    String tenantClaim,
    @Nullable String teamClaim,
    @Nullable String modelsClaim,
    @Nullable String lanesClaim,
    Set<String> algorithms) {

  /** What may be among the algorithms. */
  public static final Set<String> SUPPORTED =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

  /** What is accepted by default. */
  public static final Set<String> DEFAULT_ALGORITHMS = Set.of("RS256", "ES256", "EdDSA");

  /** Checks the algorithms: with a symmetric one, a public key would be enough to sign. */
  public JwtSettings {
    Objects.requireNonNull(jwks, "jwks");
    Objects.requireNonNull(tenantClaim, "tenantClaim");
    algorithms = Set.copyOf(algorithms);
    if (algorithms.isEmpty() || !SUPPORTED.containsAll(algorithms)) {
      throw new IllegalArgumentException(
          "algorithms must be among " + SUPPORTED + ", are " + algorithms);
    }
  }

  /** Keys at a place; any issuer and audience, the tenant in {@code tenant}. */
  public static JwtSettings of(String jwks) {
    return new JwtSettings(jwks, null, null, "tenant", null, null, null, DEFAULT_ALGORITHMS);
  }
}
