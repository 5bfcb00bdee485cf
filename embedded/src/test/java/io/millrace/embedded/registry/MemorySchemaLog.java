package io.millrace.embedded.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log that lives in this object, through the same bytes as the topic. */
final class MemorySchemaLog implements SchemaLog {

  private final List<LogCodec.Encoded> records = new ArrayList<>();
  private @Nullable Consumer<LogRecord> applier;

  @Override
  public synchronized void replay(Consumer<LogRecord> to) {
    applier = to;
    records.forEach(record -> apply(record, to));
  }

  @Override
  public synchronized void append(LogRecord change) {
    LogCodec.Encoded record = LogCodec.encode(change);
    records.add(record);
    if (applier != null) {
      apply(record, applier);
    }
  }

  private static void apply(LogCodec.Encoded record, Consumer<LogRecord> applier) {
    try {
      LogCodec.decode(record.key(), record.value()).ifPresent(applier);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
