package io.millrace.schemas.model;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.Lane;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who sent a request, both ways. */
final class AvroCallers {

  private AvroCallers() {}

  static Caller toModel(io.millrace.schemas.avro.Caller caller) {
    @Nullable Long expires = caller.getExpiresAtMillis();
    return new Caller(
        Caller.Kind.valueOf(caller.getKind().toUpperCase(Locale.ROOT)),
        caller.getId(),
        caller.getTeam(),
        expires == null ? null : Instant.ofEpochMilli(expires),
        new HashSet<>(caller.getModels()),
        lanes(caller.getLanes()));
  }

  static io.millrace.schemas.avro.Caller toAvro(Caller caller) {
    @Nullable Instant expires = caller.expiresAt();
    return new io.millrace.schemas.avro.Caller(
        caller.kind().name().toLowerCase(Locale.ROOT),
        caller.id(),
        caller.team(),
        expires == null ? null : expires.toEpochMilli(),
        caller.models().stream().sorted().toList(),
        caller.lanes().stream()
            .sorted()
            .map(lane -> lane.name().toLowerCase(Locale.ROOT))
            .toList());
  }

  private static Set<Lane> lanes(List<String> names) {
    return names.stream()
        .map(name -> Lane.valueOf(name.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toSet());
  }
}
