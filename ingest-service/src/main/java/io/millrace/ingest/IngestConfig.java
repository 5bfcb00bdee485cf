package io.millrace.ingest;

import io.millrace.ingest.access.AccessSettings;
import io.millrace.schemas.topic.HomeScope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Everything the ingest service needs to know. Immutable.
 *
 * @param http how it listens
 * @param admission what it takes
 * @param streams how it reads the requests topic and keeps results
 * @param homeScope the key of exchanges; the same as the home stage's
 * @param deliveryTimeout after which a request that no broker acknowledged is refused
 * @param access who may send requests
 * @param models what {@code GET /v1/models} lists
 */
public record IngestConfig(
    HttpSettings http,
    AdmissionLimits admission,
    StreamsSettings streams,
    HomeScope homeScope,
    Duration deliveryTimeout,
    AccessSettings access,
    List<ModelInfo> models) {

  /** Copies the list. */
  public IngestConfig {
    Objects.requireNonNull(http, "http");
    Objects.requireNonNull(admission, "admission");
    Objects.requireNonNull(streams, "streams");
    Objects.requireNonNull(homeScope, "homeScope");
    Objects.requireNonNull(access, "access");
    if (deliveryTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "deliveryTimeout must be at least 1 s, is " + deliveryTimeout);
    }
    models = List.copyOf(models);
  }

  /** Defaults of each part, home scope tenant, 10 s to deliver, everybody may send, no models. */
  public static IngestConfig defaults() {
    return new IngestConfig(
        HttpSettings.defaults(),
        AdmissionLimits.defaults(),
        StreamsSettings.defaults(),
        HomeScope.TENANT,
        Duration.ofSeconds(10),
        AccessSettings.open(),
        List.of());
  }

  /** This with other HTTP settings. */
  public IngestConfig withHttp(HttpSettings settings) {
    return new IngestConfig(
        settings, admission, streams, homeScope, deliveryTimeout, access, models);
  }

  /** This with other limits. */
  public IngestConfig withAdmission(AdmissionLimits limits) {
    return new IngestConfig(http, limits, streams, homeScope, deliveryTimeout, access, models);
  }

  /** This with other Streams settings. */
  public IngestConfig withStreams(StreamsSettings settings) {
    return new IngestConfig(http, admission, settings, homeScope, deliveryTimeout, access, models);
  }

  /** This with another home scope. */
  public IngestConfig withHomeScope(HomeScope scope) {
    return new IngestConfig(http, admission, streams, scope, deliveryTimeout, access, models);
  }

  /** This with another time to deliver. */
  public IngestConfig withDeliveryTimeout(Duration timeout) {
    return new IngestConfig(http, admission, streams, homeScope, timeout, access, models);
  }

  /** This with other models. */
  public IngestConfig withModels(List<ModelInfo> list) {
    return new IngestConfig(http, admission, streams, homeScope, deliveryTimeout, access, list);
  }

  /** This with other rules for who may send. */
  public IngestConfig withAccess(AccessSettings settings) {
    return new IngestConfig(http, admission, streams, homeScope, deliveryTimeout, settings, models);
  }
}
