package io.millrace.ingest.access;

import com.nimbusds.jwt.JWTClaimsSet;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads who sends a request out of a token's claims. Whatever is not understood refuses it. */
final class TokenClaims {

  private static final int MAX_ENTRIES = 100;
  private static final Pattern SUBJECT = Pattern.compile("[ -~]{1,128}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final JwtSettings settings;
  private final Duration skew;

  TokenClaims(JwtSettings settings, Duration skew) {
    this.settings = settings;
    this.skew = skew;
  }

  /** Thrown for claims that are missing or not understood. */
  static final class UnusableClaimException extends Exception {
    UnusableClaimException(String claim) {
      super(claim);
    }
  }

  Known read(JWTClaimsSet claims) throws UnusableClaimException {
    String subject = required(claims, "sub", SUBJECT);
    String tenant = required(claims, settings.tenantClaim(), NAME);
    Caller caller =
        new Caller(
            Caller.Kind.TOKEN,
            subject,
            optional(claims, settings.teamClaim()),
            end(claims),
            entries(claims, settings.modelsClaim()),
            lanes(claims));
    return new Known(caller, tenant, Set.of());
  }

  /** Later by the skew, as where the token is taken at first: both ends must agree. */
  private Instant end(JWTClaimsSet claims) throws UnusableClaimException {
    @Nullable Date expires = claims.getExpirationTime();
    if (expires == null) {
      throw new UnusableClaimException("exp");
    }
    return expires.toInstant().plus(skew);
  }

  private static String required(JWTClaimsSet claims, String name, Pattern form)
      throws UnusableClaimException {
    if (claims.getClaim(name) instanceof String text && form.matcher(text).matches()) {
      return text;
    }
    throw new UnusableClaimException(name);
  }

  private static @Nullable String optional(JWTClaimsSet claims, @Nullable String name)
      throws UnusableClaimException {
    return name == null || claims.getClaim(name) == null ? null : required(claims, name, NAME);
  }

  private Set<Lane> lanes(JWTClaimsSet claims) throws UnusableClaimException {
    Set<Lane> lanes = new HashSet<>();
    for (String lane : entries(claims, settings.lanesClaim())) {
      try {
        lanes.add(Lane.valueOf(lane.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new UnusableClaimException("lanes");
      }
    }
    return lanes;
  }

  /** A list, or words in a text. An empty one refuses: taken for no bound, it would allow all. */
  private static Set<String> entries(JWTClaimsSet claims, @Nullable String name)
      throws UnusableClaimException {
    @Nullable Object claim = name == null ? null : claims.getClaim(name);
    if (name == null || claim == null) {
      return Set.of();
    }
    List<String> entries = new ArrayList<>();
    if (claim instanceof String text) {
      entries.addAll(List.of(SPACES.split(text.strip())));
    } else if (claim instanceof List<?> list) {
      for (Object entry : list) {
        entries.add(entry instanceof String text ? text : "");
      }
    }
    if (entries.isEmpty() || entries.contains("") || entries.size() > MAX_ENTRIES) {
      throw new UnusableClaimException(name);
    }
    return new HashSet<>(entries);
  }
}
