package io.millrace.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicCatalogueTest {

  private final TopicCatalogue topics = new TopicCatalogue("p.", 1);

  @Test
  void shouldKnowByWhichTopicsARequestGoesOn() {
    List<Topic> onTheWay =
        List.of(
            topics.stageRequests(TopicCatalogue.HOME),
            topics.stageReplies("other"),
            topics.dispatch("openai", Lane.BATCH),
            topics.completionChunks(),
            topics.completions());
    assertThat(onTheWay).allMatch(topic -> topics.goesOnBy(topic.name()));

    List<Topic> beside =
        List.of(topics.events(), topics.attempts(), topics.requests(), topics.completionsJson());
    assertThat(beside).noneMatch(topic -> topics.goesOnBy(topic.name()));
    assertThat(topics.goesOnBy("application-stage.home-changelog")).isFalse();
  }

  @Test
  void shouldKnowWhereOutcomesComeBackTo() {
    assertThat(topics.isStageReplies(topics.stageReplies("any").name())).isTrue();
    assertThat(topics.isStageReplies(topics.stageRequests("any").name())).isFalse();
    assertThat(topics.isStageReplies("q.stage.any.replies")).isFalse();
    assertThat(topics.isStageReplies("p.replies")).isFalse();
  }
}
