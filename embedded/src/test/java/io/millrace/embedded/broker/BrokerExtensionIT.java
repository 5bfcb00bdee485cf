package io.millrace.embedded.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class BrokerExtensionIT {

  @Test
  void shouldCreateTopicsOfItsOwnWhenAsked(TestBroker broker, TopicCatalogue topics)
      throws Exception {
    Topic requests = topics.requests();
    try (Admin admin = broker.openAdmin()) {
      assertThat(TopicCreator.createMissing(admin, List.of(requests), (short) 1))
          .containsExactly(requests.name());
      assertThat(TopicCreator.createMissing(admin, List.of(requests), (short) 1)).isEmpty();
    }
  }

  @Test
  void shouldKeepThePrefixWhenAskedAgain(TopicCatalogue topics, TestBroker broker) {
    assertThat(broker.freshTopics(1).prefix()).isNotEqualTo(topics.prefix());
  }
}
