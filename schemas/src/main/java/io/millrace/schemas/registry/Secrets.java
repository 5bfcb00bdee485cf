package io.millrace.schemas.registry;

import org.apache.kafka.common.config.types.Password;

/** Configuration values as text, whether or not Kafka has wrapped them as passwords. */
final class Secrets {

  private Secrets() {}

  static String textOf(Object value) {
    return value instanceof Password password ? password.value() : value.toString();
  }
}
