package io.millrace.launcher.batch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A batch's place in one partition of the results topic.
 *
 * @param offset of the next result to read
 * @param firstOffset where the batch's first run began to read
 * @param checkpoint what the result files held when this was saved
 */
record SavedPlace(long offset, long firstOffset, Checkpoint checkpoint) {

  private static final Pattern METADATA = Pattern.compile("batch/1 (\\d{1,18}) (\\S+)");

  /** The place of who begins to read here. */
  static SavedPlace unread(long firstOffset) {
    return new SavedPlace(firstOffset, firstOffset, Checkpoint.NOTHING);
  }

  /** As an offset to commit, the rest in its metadata. */
  OffsetAndMetadata encode() {
    return new OffsetAndMetadata(offset, "batch/1 " + firstOffset + " " + checkpoint.encode());
  }

  /** Reads what {@link #encode} made; empty for null and for metadata of any other kind. */
  static Optional<SavedPlace> decode(@Nullable OffsetAndMetadata committed) {
    if (committed == null) {
      return Optional.empty();
    }
    Matcher matcher = METADATA.matcher(committed.metadata());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(matcher.group(1));
    return Checkpoint.decode(matcher.group(2))
        .map(checkpoint -> new SavedPlace(committed.offset(), first, checkpoint));
  }
}
