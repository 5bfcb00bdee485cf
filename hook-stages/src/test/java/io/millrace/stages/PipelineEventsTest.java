package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.Events.Event;
import io.millrace.schemas.avro.PipelineEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class PipelineEventsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<PipelineEvent> sent = new CopyOnWriteArrayList<>();
  private final List<Event> heard = new CopyOnWriteArrayList<>();

  @Test
  void shouldTellEveryListenerInOrderAndSendOutward() {
    List<Event> other = new CopyOnWriteArrayList<>();
    try (PipelineEvents events = events()) {
      events.subscribe(heard::add);
      events.subscribe(other::add);
      events.from("router").emit("strategy-changed", Map.of("to", "cheapest"));
      events.emit("second", Map.of());
    }
    assertThat(heard).extracting(Event::type).containsExactly("strategy-changed", "second");
    assertThat(heard.getFirst().source()).isEqualTo("router");
    assertThat(heard.getFirst().attributes()).containsEntry("to", "cheapest");
    assertThat(other).isEqualTo(heard);
    assertThat(sent).extracting(PipelineEvent::getSource).containsExactly("router", "home");
    assertThat(sent.getFirst().getAtMillis()).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void shouldCountWhatAListenerThrowsAndGoOn() {
    try (PipelineEvents events = events()) {
      events.subscribe(
          event -> {
            heard.add(event);
            throw new IllegalStateException("broken on purpose");
          });
      events.emit("first", Map.of());
      events.emit("second", Map.of());
      await().until(() -> heard.size() == 2);
    }
    assertThat(meters.counter(PipelineEvents.LISTENER_ERRORS).count()).isEqualTo(2);
  }

  @Test
  void shouldDropAndCountWhenAListenerIsTooSlow() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (PipelineEvents events = events()) {
      events.subscribe(
          event -> {
            begun.countDown();
            awaitQuietly(held);
            heard.add(event);
          });
      events.emit("first", Map.of());
      begun.await();
      for (int i = 0; i < Events.MAX_WAITING + 20; i++) {
        events.emit("more", Map.of());
      }
      assertThat(meters.counter(PipelineEvents.DROPPED, "to", "listener").count()).isEqualTo(20);
      held.countDown();
      await().until(() -> heard.size() == Events.MAX_WAITING + 1);
    }
  }

  @Test
  void shouldTellNothingMoreWhenASubscriptionIsClosed() {
    try (PipelineEvents events = events()) {
      Events.Subscription subscription = events.subscribe(heard::add);
      events.emit("first", Map.of());
      await().until(() -> heard.size() == 1);
      subscription.close();
      subscription.close();
      events.emit("second", Map.of());
    }
    assertThat(heard).hasSize(1);
  }

  @Test
  void shouldEndWhenAListenerNeverReturns() {
    CountDownLatch interrupted = new CountDownLatch(1);
    try (PipelineEvents events = events()) {
      events.subscribe(
          event -> {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.countDown();
            }
          });
      events.emit("first", Map.of());
    }
    await().until(() -> interrupted.getCount() == 0);
  }

  @Test
  void shouldRefuseWhatIsOverABound() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 17; i++) {
      many.put("k" + i, "v");
    }
    try (PipelineEvents events = events()) {
      assertThatThrownBy(() -> events.emit("t".repeat(65), Map.of()))
          .hasMessage("an event type has 1 to 64 characters, not 65");
      assertThatThrownBy(() -> events.emit("t", many))
          .hasMessage("an event has at most 16 attributes, not 17");
    }
  }

  @Test
  void shouldSendToTheTopicAndCountWhatDoesNotArrive() {
    MockProducer<String, PipelineEvent> producer = producer();
    try (EventSender sender = new EventSender("events", producer, meters)) {
      sender.accept(event("lost"));
      await().until(() -> producer.history().size() == 1);
      assertThat(producer.errorNext(new IllegalStateException("no broker"))).isTrue();
      sender.accept(event("kept"));
      await().until(() -> producer.history().size() == 2);
      producer.completeNext();
    }
    assertThat(meters.counter(PipelineEvents.DROPPED, "to", "topic").count()).isEqualTo(1);
    assertThat(producer.closed()).isTrue();
    assertThat(producer.history()).extracting(record -> record.topic()).containsOnly("events");
  }

  private PipelineEvents events() {
    return new PipelineEvents(meters, () -> NOW, sent::add);
  }

  private static PipelineEvent event(String type) {
    return new PipelineEvent(type, 1L, "home", null, null, null, Map.of());
  }

  private static MockProducer<String, PipelineEvent> producer() {
    Serializer<PipelineEvent> values = (topic, value) -> new byte[0];
    return new MockProducer<>(false, new RoundRobinPartitioner(), new StringSerializer(), values);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
