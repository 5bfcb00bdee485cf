package io.millrace.workers;

import io.millrace.schemas.avro.Exchange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps the events it is told. */
final class ToldEvents implements WorkerEvents {

  private record Told(@Nullable String requestId, String type, Map<String, String> attributes) {}

  private final List<Told> told = new CopyOnWriteArrayList<>();

  @Override
  public void emit(String type, Map<String, String> attributes) {
    told.add(new Told(null, type, attributes));
  }

  @Override
  public void emit(Exchange exchange, String type, Map<String, String> attributes) {
    told.add(new Told(exchange.getRequestId(), type, attributes));
  }

  List<String> types() {
    return told.stream().map(Told::type).toList();
  }

  List<String> requests() {
    return told.stream().map(Told::requestId).map(Objects::requireNonNull).toList();
  }

  List<String> attributes(String name) {
    return told.stream().map(each -> Objects.requireNonNull(each.attributes().get(name))).toList();
  }
}
