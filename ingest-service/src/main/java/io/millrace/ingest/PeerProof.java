package io.millrace.ingest;

import io.millrace.schemas.access.AuthSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How instances of one pipeline know each other: each question carries the time and an HMAC over
 * time, tenant and request id under the pipeline's secret. Without a secret there is nothing to
 * prove. Thread-safe.
 */
final class PeerProof {

  static final String HEADER = "X-Millrace-Peer";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,15}):([0-9a-f]{64})");

  private final @Nullable AuthSecret secret;
  private final Duration skew;
  private final InstantSource clock;

  PeerProof(@Nullable AuthSecret secret, Duration skew, InstantSource clock) {
    this.secret = secret;
    this.skew = skew;
    this.clock = clock;
  }

  /** The header's value for a question; empty where nothing is to be proved. */
  Optional<String> of(String tenant, String requestId) {
    if (secret == null) {
      return Optional.empty();
    }
    long atMillis = clock.millis();
    return Optional.of(atMillis + ":" + proof(secret, atMillis, tenant, requestId));
  }

  /** Whether a question comes from an instance of this pipeline. */
  boolean holds(@Nullable String header, String tenant, String requestId) {
    if (secret == null) {
      return true;
    }
    Matcher form = FORM.matcher(header == null ? "" : header);
    if (!form.matches()) {
      return false;
    }
    long atMillis = Long.parseLong(form.group(1));
    boolean same =
        MessageDigest.isEqual(
            proof(secret, atMillis, tenant, requestId).getBytes(StandardCharsets.US_ASCII),
            form.group(2).getBytes(StandardCharsets.US_ASCII));
    return same && Math.abs(clock.millis() - atMillis) <= skew.toMillis();
  }

  private static String proof(AuthSecret secret, long atMillis, String tenant, String requestId) {
    return secret.peerProof(atMillis + "\n" + tenant + "/" + requestId);
  }
}
