package io.millrace.schemas.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a topic that cannot be written to from a cluster that cannot be reached: to a producer both
 * look the same. A look creates no topic. Connects with the first look. Thread-safe; looks are made
 * one after the other.
 */
public final class TopicLook implements AutoCloseable {

  /** What a look may take. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final DescribeTopicsOptions OPTIONS =
      new DescribeTopicsOptions()
          .includeAuthorizedOperations(true)
          .timeoutMs((int) TIMEOUT.toMillis());

  private final KafkaConnection connection;
  private final String clientId;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Admin admin;
  private boolean closed;

  /**
   * Looks by way of a connection.
   *
   * @param clientId what the broker's log and quotas know it by
   */
  public TopicLook(KafkaConnection connection, String clientId) {
    this.connection = connection;
    this.clientId = clientId;
  }

  /** How a topic is; waits at most 5 seconds for the cluster, and for looks before this one. */
  public TopicState look(String topic) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        return TopicState.UNKNOWN;
      }
      return stateOf(
          opened()
              .describeTopics(List.of(topic), OPTIONS)
              .allTopicNames()
              .get(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .values()
              .iterator()
              .next());
    } catch (ExecutionException e) {
      return stateOf(e.getCause());
    } catch (TimeoutException | KafkaException e) {
      return TopicState.UNKNOWN;
    } finally {
      lock.unlock();
    }
  }

  private Admin opened() {
    Admin known = admin;
    if (known == null) {
      Map<String, Object> properties = connection.clientProperties();
      properties.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
      known = Admin.create(properties);
      admin = known;
    }
    return known;
  }

  /** A cluster that does not say what may be done allows it, or refuses it later. */
  private static TopicState stateOf(TopicDescription description) {
    Set<AclOperation> allowed = description.authorizedOperations();
    boolean refused =
        allowed != null
            && !allowed.isEmpty()
            && !allowed.contains(AclOperation.WRITE)
            && !allowed.contains(AclOperation.ALL);
    return refused ? TopicState.FORBIDDEN : TopicState.THERE;
  }

  private static TopicState stateOf(@Nullable Throwable failure) {
    if (failure instanceof UnknownTopicOrPartitionException
        || failure instanceof InvalidTopicException) {
      return TopicState.MISSING;
    }
    return failure instanceof AuthorizationException ? TopicState.FORBIDDEN : TopicState.UNKNOWN;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (admin != null) {
        admin.close(Duration.ZERO);
      }
    } finally {
      lock.unlock();
    }
  }
}
