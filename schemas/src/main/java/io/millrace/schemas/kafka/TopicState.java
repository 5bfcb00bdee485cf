package io.millrace.schemas.kafka;

/** What the cluster says of a topic that somebody wants to write to. */
public enum TopicState {

  /** It is there, and nothing is known that forbids to write to it. */
  THERE,

  /** The cluster answers, and has no such topic. */
  MISSING,

  /** The cluster answers, and does not allow to write to it. */
  FORBIDDEN,

  /** The cluster does not answer: nothing is known. */
  UNKNOWN;

  /**
   * Whether waiting alone mends nothing: somebody has to create the topic, or to give the right.
   */
  public boolean needsSomebody() {
    return this == MISSING || this == FORBIDDEN;
  }

  /** What is wrong with a topic, and what to do. */
  public String advice(String topic) {
    return switch (this) {
      case THERE -> "topic " + topic + " can be written to";
      case MISSING ->
          "topic "
              + topic
              + " does not exist, though the cluster answers; create it ('millrace topics create'"
              + " creates the pipeline's own)";
      case FORBIDDEN ->
          "the cluster does not allow to write to topic "
              + topic
              + "; give the pipeline's user the right WRITE and DESCRIBE on it";
      case UNKNOWN -> "the cluster does not say how topic " + topic + " is";
    };
  }
}
