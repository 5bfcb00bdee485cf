package io.millrace.ingest.access;

import io.millrace.ingest.access.Identity.Anonymous;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.ingest.access.Identity.Refused;
import io.millrace.ingest.access.Identity.Undecided;
import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.Caller;
import io.millrace.schemas.access.KeyCheck;
import io.millrace.schemas.access.KeyTable;
import io.millrace.schemas.access.KeyText;
import io.millrace.schemas.access.KeyVerifier;
import io.millrace.schemas.access.RecordSignature;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says who sends a request. Where a credential is required, none is refused; one that was sent must
 * be right in any case. Thread-safe; a token may wait for its signer's keys.
 */
public final class Credentials implements AutoCloseable {

  private static final String BEARER = "bearer ";

  private final AccessSettings settings;
  private final @Nullable KeyVerifier keys;
  private final BooleanSupplier keysKnown;
  private final @Nullable KeyTable table;
  private final @Nullable TokenVerifier tokens;

  private Credentials(
      AccessSettings settings,
      @Nullable KeyVerifier keys,
      BooleanSupplier keysKnown,
      @Nullable KeyTable table) {
    this.settings = settings;
    this.keys = keys;
    this.keysKnown = keysKnown;
    this.table = table;
    this.tokens =
        settings.jwt() == null ? null : TokenVerifier.open(settings.jwt(), settings.clockSkew());
  }

  /**
   * Begins to read the keys, where there are some.
   *
   * @throws IllegalArgumentException when a file that the settings name cannot be read
   */
  public static Credentials open(
      AccessSettings settings,
      TopicCatalogue topics,
      KafkaConnection connection,
      AvroSerdes serdes) {
    if (settings.secret() == null) {
      return new Credentials(settings, null, () -> true, null);
    }
    KeyTable table = KeyTable.start(topics, connection, serdes);
    try {
      return new Credentials(
          settings, new KeyVerifier(settings.secret(), table), table::caughtUp, table);
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
  }

  /** Credentials whose keys are checked elsewhere; null for no keys. */
  public static Credentials of(
      AccessSettings settings, @Nullable KeyVerifier keys, BooleanSupplier keysKnown) {
    return new Credentials(settings, keys, keysKnown, null);
  }

  /** Whether the keys are known. */
  public boolean ready() {
    return keysKnown.getAsBoolean();
  }

  /** Whether a record without a signature is refused. */
  public boolean required() {
    return settings.required();
  }

  /** Who the {@code Authorization} header of a call names. */
  public Identity identify(@Nullable String authorization, Instant now) {
    String text = bearer(authorization);
    if (KeyText.isMeant(text)) {
      return ofKey(text, now);
    }
    if (tokens != null && TokenVerifier.isMeant(text)) {
      return tokens.check(text, now);
    }
    if (settings.required()) {
      return new Refused(authorization == null ? "missing" : KeyCheck.Reason.MALFORMED.tag());
    }
    return new Anonymous();
  }

  /** Who signed a record. */
  public Identity identify(RecordSignature signature, byte[] value, Instant now) {
    return keys == null
        ? new Refused(KeyCheck.Reason.UNKNOWN.tag())
        : keysKnown.getAsBoolean()
            ? identity(
                keys.check(signature, value, now, settings.signatureMaxAge(), settings.clockSkew()))
            : notYet();
  }

  private Identity ofKey(String text, Instant now) {
    return keys == null
        ? new Refused(KeyCheck.Reason.UNKNOWN.tag())
        : keysKnown.getAsBoolean() ? identity(keys.check(text, now)) : notYet();
  }

  private static Identity identity(KeyCheck check) {
    return switch (check) {
      case KeyCheck.Valid(AccessKey key) ->
          new Known(
              Caller.ofKey(key.id(), key.team()), key.tenant(), key.endpoints(), key.models());
      case KeyCheck.Invalid(KeyCheck.Reason reason) -> new Refused(reason.tag());
    };
  }

  private static Identity notYet() {
    return new Undecided("this instance is still reading the keys");
  }

  private static String bearer(@Nullable String authorization) {
    return authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? authorization.substring(BEARER.length()).strip()
        : "";
  }

  @Override
  public void close() {
    try (table) {
      if (tokens != null) {
        tokens.close();
      }
    }
  }
}
