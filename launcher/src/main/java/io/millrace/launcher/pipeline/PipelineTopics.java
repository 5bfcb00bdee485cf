package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;

/** The topics a configuration needs. */
public final class PipelineTopics {

  /** How long a cluster may take to answer before it counts as unreachable. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private PipelineTopics() {}

  /**
   * All of them, in the order of the catalogue.
   *
   * @param plugins decide which stage groups there are
   */
  public static List<Topic> of(MillraceConfig settings, Path dataDir, Plugins plugins) {
    return settings
        .topicCatalogue()
        .all(
            new ServiceConfigs(settings, dataDir).plan(plugins.hooks()).groupNames(),
            settings.providers().keySet());
  }

  /**
   * Creates those that are not there.
   *
   * @param topics some or all
   * @return the names of the created ones
   * @throws PipelineException when the cluster cannot be reached or refuses
   */
  public static List<String> createMissing(
      List<Topic> topics, KafkaConnection connection, short replicationFactor) {
    try (Admin admin = openAdmin(connection)) {
      return TopicCreator.createMissing(admin, topics, replicationFactor);
    } catch (KafkaException e) {
      throw unreachable(connection, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted while creating topics", e);
    }
  }

  /**
   * The names of all topics of a cluster.
   *
   * @throws PipelineException when the cluster cannot be reached or refuses
   */
  public static Set<String> existing(KafkaConnection connection) {
    try (Admin admin = openAdmin(connection)) {
      return admin.listTopics().names().get();
    } catch (ExecutionException | KafkaException e) {
      throw unreachable(connection, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted while listing topics", e);
    }
  }

  /**
   * Checks that a topic is there before it is read or written.
   *
   * @throws PipelineException when it is not, or the cluster cannot be reached
   */
  public static void require(KafkaConnection connection, Topic topic) {
    if (!existing(connection).contains(topic.name())) {
      throw new PipelineException(
          "there is no topic %s at %s: check topics.prefix, or run 'millrace topics create'"
              .formatted(topic.name(), connection.bootstrapServers()),
          null);
    }
  }

  /** An admin client that gives up after a while; the caller closes it. */
  public static Admin openAdmin(KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    return Admin.create(properties);
  }

  private static PipelineException unreachable(KafkaConnection connection, Exception e) {
    String message =
        root(e) instanceof TimeoutException || root(e) instanceof ConfigException
            ? "Kafka at %s cannot be reached (%s): check the address, and whether it runs"
            : "Kafka at %s refuses (%s): check the rights and the security settings of this client";
    return new PipelineException(
        message.formatted(connection.bootstrapServers(), root(e).getMessage()), e);
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }
}
