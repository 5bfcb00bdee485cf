package io.millrace.schemas.health;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TableChange;
import io.millrace.schemas.kafka.TableRules;
import io.millrace.schemas.kafka.TopicTable;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which providers and models operators have blocked, read from the control topic and kept up to
 * date. A record that is not understood leaves what was known before. Thread-safe.
 */
public final class ProviderBlocks implements ProviderBlockView, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderBlocks.class);

  /** Who blocked what, and when, by what it is about. */
  private final TopicTable<Control, ProviderOrder, Control> blocked;

  private ProviderBlocks(TopicTable<Control, ProviderOrder, Control> blocked) {
    this.blocked = blocked;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param reader names the thread that reads, e.g. {@code hooks}
   */
  public static ProviderBlocks start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes, String reader) {
    return new ProviderBlocks(
        TopicTable.start(
            topics.control().name(),
            serdes.forType(Control.class).deserializer(),
            new Rules(),
            connection,
            "millrace-provider-blocks-" + reader));
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return blocked.caughtUp();
  }

  @Override
  public boolean isBlocked(String provider, String model) {
    Map<ProviderOrder, Control> orders = blocked.known();
    // Almost always nothing is, and this is asked for every attempt.
    return !orders.isEmpty()
        && (orders.containsKey(new ProviderOrder(provider, null))
            || (!model.isEmpty() && orders.containsKey(new ProviderOrder(provider, model))));
  }

  /** What is blocked, with the order that did it; the records are not changed. */
  public Map<ProviderOrder, Control> all() {
    return Map.copyOf(blocked.known());
  }

  /** Stops reading; what is known stays. */
  @Override
  public void close() {
    blocked.close();
  }

  /** By subject; other orders than about providers are none of it. */
  private static final class Rules implements TableRules<Control, ProviderOrder, Control> {

    @Override
    public Optional<ProviderOrder> key(String recordKey) {
      return ProviderOrder.ofSubject(recordKey);
    }

    @Override
    public TableChange<Control> read(Control order) {
      if (order.getAction() == ControlAction.UNBLOCK) {
        return new TableChange.Remove<>();
      }
      return order.getAction() == ControlAction.BLOCK
          ? new TableChange.Put<>(order)
          : new TableChange.Leave<>();
    }

    @Override
    public void changed(ProviderOrder subject, @Nullable Control order) {
      if (order == null) {
        LOG.info("{} is no longer blocked", subject);
      } else {
        LOG.info("{} is blocked, by {}", subject, order.getBy());
      }
    }
  }
}
