package io.millrace.schemas.health;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import io.millrace.schemas.model.TrustedRecords;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an order on the control topic is about: a provider, or one model of it. The record's key is
 * its subject, so the latest order about it is the one that stays; a null value takes it back.
 *
 * @param provider its configured name; has no slash
 * @param model as the provider names it; null for the whole provider
 */
public record ProviderOrder(String provider, @Nullable String model) {

  private static final String PREFIX = "provider/";

  /** Checks. */
  public ProviderOrder {
    Objects.requireNonNull(provider, "provider");
    if (provider.isEmpty() || provider.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'" + provider + "' is no name of a provider");
    }
    if (model != null && model.isEmpty()) {
      throw new IllegalArgumentException("the model of provider " + provider + " has no name");
    }
  }

  /**
   * Reads {@code PROVIDER} or {@code PROVIDER/MODEL}; a model's name may have slashes.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static ProviderOrder of(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ProviderOrder(text, null)
        : new ProviderOrder(text.substring(0, slash), text.substring(slash + 1));
  }

  /** What a record's key is about; empty when it is about something else. */
  public static Optional<ProviderOrder> ofSubject(String subject) {
    try {
      return subject.startsWith(PREFIX)
          ? Optional.of(of(subject.substring(PREFIX.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The subject, and the record's key. */
  public String subject() {
    return PREFIX + this;
  }

  /**
   * An order to leave it alone, or to call it again.
   *
   * @param by who gives it, for logs
   */
  public Control blocked(boolean block, Instant at, String by) {
    TrustedRecords.trust();
    return new Control(
        subject(), block ? ControlAction.BLOCK : ControlAction.UNBLOCK, at.toEpochMilli(), by);
  }

  /** {@code PROVIDER} or {@code PROVIDER/MODEL}. */
  @Override
  public String toString() {
    return model == null ? provider : provider + "/" + model;
  }
}
