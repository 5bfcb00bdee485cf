package io.millrace.ingest;

import io.millrace.ingest.IngestMeters.Source;
import io.millrace.ingest.access.Credentials;
import io.millrace.ingest.access.Identity;
import io.millrace.ingest.access.Identity.Anonymous;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.ingest.access.Identity.Refused;
import io.millrace.ingest.access.Identity.Undecided;
import io.millrace.schemas.access.RecordSignature;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Finds out who signed a record of the requests topic. Used by one thread. */
final class RecordGate {

  private static final Set<String> SIGNING =
      Set.of(HeaderNames.KEY_ID, HeaderNames.TIMESTAMP, HeaderNames.NONCE, HeaderNames.SIGNATURE);
  private static final int MAX_VALUE_BYTES = 256;

  private final Credentials credentials;
  private final IngestMeters meters;

  RecordGate(Credentials credentials, IngestMeters meters) {
    this.credentials = credentials;
    this.meters = meters;
  }

  /**
   * A record that is what its signer wrote.
   *
   * @param sender who signed it
   * @param nonce the only id that its request may have
   */
  record Signed(Known sender, String nonce) {

    /** What comes along, under the signer's name and with the signed id. */
    Submission applyTo(Submission submission) throws RefusedException {
      checkId(submission.requestId());
      return submission.withSender(sender).withRequestId(nonce);
    }

    /** The signature holds for one request only, so the request has the signature's id. */
    void checkId(@Nullable String requestId) throws RefusedException {
      if (requestId != null && !requestId.equals(nonce)) {
        throw RefusedException.invalid(
            "the request id is not the nonce of the signature: leave it out, or make them equal");
      }
    }
  }

  /**
   * Who signed a record; empty where nobody had to.
   *
   * @throws RefusedException when the record is not signed as it should be
   * @throws KeysNotReadException when the keys are not known yet
   */
  Optional<Signed> check(Headers headers, byte[] value, long nowMillis) throws RefusedException {
    if (!anyOf(headers)) {
      meters.credential(Source.TOPIC, credentials.required() ? "missing" : "anonymous");
      if (credentials.required()) {
        throw AccessErrors.unauthenticated();
      }
      return Optional.empty();
    }
    Optional<RecordSignature> signature = signature(headers);
    Identity identity =
        signature
            .map(given -> credentials.identify(given, value, Instant.ofEpochMilli(nowMillis)))
            .orElseGet(() -> new Refused("malformed"));
    if (identity instanceof Undecided(String reason)) {
      throw new KeysNotReadException(reason);
    }
    meters.credential(Source.TOPIC, HttpGate.outcome(identity));
    return switch (identity) {
      case Known known -> {
        checkHeaders(headers, known);
        yield Optional.of(new Signed(known, signature.orElseThrow().nonce()));
      }
      case Anonymous anonymous -> throw AccessErrors.unauthenticated();
      case Refused refused -> throw AccessErrors.unauthenticated();
      case Undecided undecided -> throw AccessErrors.unauthenticated();
    };
  }

  private static boolean anyOf(Headers headers) {
    return SIGNING.stream().anyMatch(name -> headers.lastHeader(name) != null);
  }

  /** The signature does not cover headers, so none may change what it covers. */
  private static void checkHeaders(Headers headers, Known sender) throws RefusedException {
    for (Header header : headers) {
      String name = header.key();
      if (name.equals(HeaderNames.TENANT)) {
        if (!sender.tenant().equals(only(headers, name).orElse(""))) {
          throw AccessErrors.otherTenant();
        }
      } else if (name.startsWith(HeaderNames.PREFIX)
          && !SIGNING.contains(name)
          && !name.equals(HeaderNames.REQUEST_ID)) {
        throw RefusedException.invalid(
            "the header "
                + Quoted.of(name)
                + " is not covered by the signature: put it into the value, which is");
      }
    }
  }

  private static Optional<RecordSignature> signature(Headers headers) {
    try {
      return Optional.of(
          new RecordSignature(
              only(headers, HeaderNames.KEY_ID).orElseThrow(IllegalArgumentException::new),
              Long.parseLong(
                  only(headers, HeaderNames.TIMESTAMP).orElseThrow(IllegalArgumentException::new)),
              only(headers, HeaderNames.NONCE).orElseThrow(IllegalArgumentException::new),
              only(headers, HeaderNames.SIGNATURE).orElseThrow(IllegalArgumentException::new)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The value of a header that is there exactly once and not longer than it may be. */
  private static Optional<String> only(Headers headers, String name) {
    List<byte[]> values = new java.util.ArrayList<>();
    for (Header header : headers.headers(name)) {
      values.add(header.value());
    }
    if (values.size() != 1) {
      return Optional.empty();
    }
    byte @Nullable [] value = values.getFirst();
    return value == null || value.length > MAX_VALUE_BYTES
        ? Optional.empty()
        : Optional.of(new String(value, StandardCharsets.UTF_8));
  }
}
