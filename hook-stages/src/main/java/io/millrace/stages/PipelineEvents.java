package io.millrace.stages;

import io.millrace.plugin.hook.Events;
import java.util.Map;
import java.util.function.Consumer;

final class PipelineEvents implements Events {
  @Override
  public Subscription subscribe(Consumer<Event> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    throw new UnsupportedOperationException();
  }
}
