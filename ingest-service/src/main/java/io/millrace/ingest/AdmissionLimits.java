package io.millrace.ingest;

import java.time.Duration;
import java.util.Objects;

/**
 * What admission fills in and what it refuses.
 *
 * @param defaultTenant who asks when a request does not say; 1 to 128 of letters, digits and . _ -
 * @param defaultTimeout from acceptance to deadline when a request does not say
 * @param maxTimeout the longest time-out a request may ask for
 * @param maxRequestBytes the largest request, headers of its record included
 * @param maxMessages the longest conversation
 * @param maxFallbacks the longest list of fallbacks
 */
public record AdmissionLimits(
    String defaultTenant,
    Duration defaultTimeout,
    Duration maxTimeout,
    int maxRequestBytes,
    int maxMessages,
    int maxFallbacks) {

  /** Checks the bounds against each other. */
  public AdmissionLimits {
    Objects.requireNonNull(defaultTenant, "defaultTenant");
    if (!Admission.TENANT.matcher(defaultTenant).matches()) {
      throw new IllegalArgumentException(
          "defaultTenant must be 1 to 128 of letters, digits and . _ -, is \""
              + defaultTenant
              + "\"");
    }
    if (!defaultTimeout.isPositive() || maxTimeout.compareTo(defaultTimeout) < 0) {
      throw new IllegalArgumentException(
          "need 0 < defaultTimeout <= maxTimeout, are " + defaultTimeout + " and " + maxTimeout);
    }
    if (maxRequestBytes < 1 || maxMessages < 1 || maxFallbacks < 0) {
      throw new IllegalArgumentException("maxRequestBytes and maxMessages must be at least 1");
    }
  }

  /** Tenant "default", 10 minutes, 24 hours at most, 1 MiB, 4,096 messages, 16 fallbacks. */
  public static AdmissionLimits defaults() {
    return new AdmissionLimits(
        "default", Duration.ofMinutes(10), Duration.ofHours(24), 1024 * 1024, 4096, 16);
  }

  /** These limits with another size of request. */
  public AdmissionLimits withMaxRequestBytes(int bytes) {
    return new AdmissionLimits(
        defaultTenant, defaultTimeout, maxTimeout, bytes, maxMessages, maxFallbacks);
  }

  /** These limits with another default time-out. */
  public AdmissionLimits withDefaultTimeout(Duration timeout) {
    return new AdmissionLimits(
        defaultTenant, timeout, maxTimeout, maxRequestBytes, maxMessages, maxFallbacks);
  }

  /** These limits with another longest time-out. */
  public AdmissionLimits withMaxTimeout(Duration timeout) {
    return new AdmissionLimits(
        defaultTenant, defaultTimeout, timeout, maxRequestBytes, maxMessages, maxFallbacks);
  }

  /** These limits with another default tenant. */
  public AdmissionLimits withDefaultTenant(String tenant) {
    return new AdmissionLimits(
        tenant, defaultTimeout, maxTimeout, maxRequestBytes, maxMessages, maxFallbacks);
  }
}
