package io.millrace.workers;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stream that keeps what was sent. */
final class RecordedStream implements StreamedChunks {

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private int restarts;

  /** A piece of text. */
  static String text(String text) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
  }

  /** A piece that shows nothing. */
  static String role() {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}";
  }

  @Override
  public void accept(String json) {
    sent.add(json);
  }

  @Override
  public boolean begun() {
    return !sent.isEmpty();
  }

  @Override
  public void restart() {
    restarts++;
  }

  List<String> sent() {
    return sent;
  }

  int restarts() {
    return restarts;
  }
}
