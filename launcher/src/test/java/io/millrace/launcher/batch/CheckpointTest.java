package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class CheckpointTest {

  private static final Checkpoint CHECKPOINT =
      new Checkpoint(new Checkpoint.Extent(120, 0xFEDCBA98), new Checkpoint.Extent(7, 1));

  @Test
  void shouldReadWhatItWrote() {
    assertThat(CHECKPOINT.encode()).isEqualTo("120/fedcba98,7/00000001");
    assertThat(Checkpoint.decode(CHECKPOINT.encode())).contains(CHECKPOINT);
    assertThat(Checkpoint.decode("")).isEmpty();
    assertThat(Checkpoint.decode("120/fedcba98")).isEmpty();
  }

  @Test
  void shouldTravelInTheMetadataOfAnOffset() {
    SavedPlace place = new SavedPlace(900, 100, CHECKPOINT);

    assertThat(SavedPlace.decode(place.encode())).contains(place);
    assertThat(place.encode().offset()).isEqualTo(900);
    assertThat(SavedPlace.decode(null)).isEmpty();
    assertThat(SavedPlace.decode(new OffsetAndMetadata(3, "somebody else's"))).isEmpty();
  }
}
