package io.millrace.launcher.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.access.IssuedKey;
import io.millrace.schemas.access.KeyRecords;
import io.millrace.schemas.avro.AccessKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys as people and programs read them; never with a hash. */
public final class KeyJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private KeyJson() {}

  /** Several keys. */
  public static ObjectNode write(List<AccessKey> keys, Instant now) {
    ObjectNode document = JSON.createObjectNode();
    var list = document.putArray("keys");
    keys.forEach(key -> list.add(write(key, now)));
    return document;
  }

  /** One key. */
  public static ObjectNode write(AccessKey key, Instant now) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", key.getId())
        .put("name", key.getName())
        .put("tenant", key.getTenant())
        .put("team", key.getTeam())
        .put("status", status(key, now))
        .put("created_at", time(key.getCreatedAtMillis()))
        .put("expires_at", time(key.getExpiresAtMillis()))
        .put("revoked_at", time(key.getRevokedAtMillis()))
        .put("signing", key.getSigning());
    node.set("models", JSON.valueToTree(key.getModels()));
    node.set("lanes", JSON.valueToTree(key.getLanes()));
    node.set("endpoints", JSON.valueToTree(key.getEndpoints()));
    var secrets = node.putArray("secrets");
    key.getHashes()
        .forEach(
            hash ->
                secrets
                    .addObject()
                    .put("version", hash.getVersion())
                    .put("created_at", time(hash.getCreatedAtMillis()))
                    .put("valid_until", time(hash.getValidUntilMillis())));
    return node;
  }

  /** A key with its secrets: the only time that they are written. */
  public static ObjectNode write(IssuedKey issued, Instant now) {
    ObjectNode document = JSON.createObjectNode();
    document.set("key", write(issued.record(), now));
    document.put("api_key", issued.key());
    if (issued.signingKey() != null) {
      document.put("signing_key", issued.signingKey());
    }
    return document;
  }

  /** active, revoked or expired. */
  public static String status(AccessKey key, Instant now) {
    if (key.getRevokedAtMillis() != null) {
      return "revoked";
    }
    return KeyRecords.toModel(key).validAt(now) ? "active" : "expired";
  }

  /** Parses a document. */
  static JsonNode parse(byte[] text) throws java.io.IOException {
    return JSON.readTree(text);
  }

  private static @Nullable String time(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis).toString();
  }
}
