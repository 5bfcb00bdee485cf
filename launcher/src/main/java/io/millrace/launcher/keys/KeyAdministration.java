package io.millrace.launcher.keys;

import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.access.IssuedKey;
import io.millrace.schemas.access.KeyIssuer;
import io.millrace.schemas.access.KeySpec;
import io.millrace.schemas.access.KeyTopic;
import io.millrace.schemas.avro.AccessKey;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Makes, lists, rotates and revokes the keys of one pipeline. What it writes is in force at every
 * process within seconds. Thread-safe.
 */
public final class KeyAdministration implements AutoCloseable {

  private final KeyTopic topic;
  private final KeyIssuer issuer;

  private KeyAdministration(KeyTopic topic, KeyIssuer issuer) {
    this.topic = topic;
    this.issuer = issuer;
  }

  /** Opens it. */
  public static KeyAdministration open(
      KafkaConnection connection, TopicCatalogue topics, AuthSecret secret) {
    return new KeyAdministration(
        KeyTopic.open(connection, topics), new KeyIssuer(secret, new SecureRandom()));
  }

  /** Thrown when there is no key of an id. */
  public static final class NoSuchKeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    NoSuchKeyException(String id, List<String> idsOfThatName) {
      super(
          idsOfThatName.isEmpty()
              ? "there is no key '%s'; list the keys to see which there are".formatted(id)
              : "'%s' is a name, which several keys may have; say the id: %s"
                  .formatted(id, String.join(" or ", idsOfThatName)));
    }
  }

  /**
   * Every key, by id.
   *
   * @throws org.apache.kafka.common.KafkaException when the cluster or the registry refuses
   */
  public List<AccessKey> list() {
    return topic.all();
  }

  /**
   * One key.
   *
   * @throws NoSuchKeyException when there is none
   * @throws org.apache.kafka.common.KafkaException when the cluster or the registry refuses
   */
  public AccessKey show(String id) {
    return topic.all().stream()
        .filter(key -> key.getId().equals(id))
        .findFirst()
        .orElseThrow(() -> none(id));
  }

  /**
   * A new key.
   *
   * @throws IllegalArgumentException when it would have ended already
   * @throws org.apache.kafka.common.KafkaException when the cluster or the registry refuses
   */
  public IssuedKey create(KeySpec spec) {
    IssuedKey issued = issuer.create(spec, Instant.now());
    String id = issued.record().getId();
    var unused =
        topic.change(
            id,
            existing -> {
              if (existing.isPresent()) {
                throw new IllegalStateException("the id " + id + " was drawn twice");
              }
              return issued.record();
            });
    return issued;
  }

  /**
   * A new secret for a key.
   *
   * @param grace how long the one before is still taken
   * @throws NoSuchKeyException when there is none
   * @throws IllegalArgumentException when it may not be used any more, or grace is out of bounds
   * @throws org.apache.kafka.common.KafkaException when the cluster or the registry refuses
   */
  public IssuedKey rotate(String id, Duration grace) {
    // Of several tries the last one is written.
    Deque<IssuedKey> tries = new ArrayDeque<>();
    var unused =
        topic.change(
            id,
            existing -> {
              IssuedKey issued = issuer.rotate(required(existing, id), grace, Instant.now());
              tries.push(issued);
              return issued.record();
            });
    return tries.getFirst();
  }

  /**
   * Takes a key back; nothing happens where it was taken back before.
   *
   * @throws NoSuchKeyException when there is none
   * @throws org.apache.kafka.common.KafkaException when the cluster or the registry refuses
   */
  public AccessKey revoke(String id) {
    return topic.change(id, existing -> KeyIssuer.revoke(required(existing, id), Instant.now()));
  }

  private AccessKey required(Optional<AccessKey> key, String id) {
    return key.orElseThrow(() -> none(id));
  }

  private NoSuchKeyException none(String id) {
    return new NoSuchKeyException(
        id,
        topic.all().stream()
            .filter(key -> key.getName().equals(id))
            .map(AccessKey::getId)
            .toList());
  }

  @Override
  public void close() {
    topic.close();
  }
}
