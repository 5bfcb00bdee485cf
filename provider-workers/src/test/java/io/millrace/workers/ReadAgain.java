package io.millrace.workers;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a second consumer would bring of one partition, out of a list. */
final class ReadAgain {

  private final List<ConsumerRecord<byte[], byte[]>> log;
  private int reading = -1;
  private long position;

  ReadAgain(List<ConsumerRecord<byte[], byte[]>> log) {
    this.log = log;
  }

  /** One turn: a poll of so many records at most. */
  void turn(Backlog backlog, int most) {
    for (Assignment wanted : backlog.wanted()) {
      LeftBehind left = wanted.left();
      if (left.reading() != reading) {
        reading = left.reading();
        position = left.at();
      }
      int from = indexOf(position);
      int to = Math.min(log.size(), from + most);
      if (to > from) {
        position = log.get(to - 1).offset() + 1;
      }
      left.read(List.copyOf(log.subList(from, to)), position);
    }
    backlog.holdAgain();
  }

  private int indexOf(long offset) {
    int low = 0;
    int high = log.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (log.get(middle).offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
