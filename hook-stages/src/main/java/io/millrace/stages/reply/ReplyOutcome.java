package io.millrace.stages.reply;

import io.millrace.schemas.kafka.TopicState;

/** What became of a copy of a result. */
enum ReplyOutcome {
  /** The broker has it. */
  SENT,
  /** Its topic does not exist. */
  MISSING,
  /** The pipeline may not write to its topic. */
  FORBIDDEN,
  /** It is larger than its topic takes. */
  TOO_LARGE,
  /** Its topic exists, and could not be written to for long. */
  UNREACHABLE,
  /** The broker does not take it, for another reason. */
  REJECTED;

  /** Of a copy whose topic was given up. */
  static ReplyOutcome of(TopicState lost) {
    return switch (lost) {
      case MISSING -> MISSING;
      case FORBIDDEN -> FORBIDDEN;
      case THERE, UNKNOWN -> UNREACHABLE;
    };
  }

  /** What is wrong with a topic, and what to do. */
  String advice(String topic) {
    return switch (this) {
      case SENT -> "a copy is on topic " + topic;
      case MISSING -> TopicState.MISSING.advice(topic);
      case FORBIDDEN -> TopicState.FORBIDDEN.advice(topic);
      case TOO_LARGE ->
          "topic " + topic + " does not take records of this size; raise its max.message.bytes";
      case UNREACHABLE ->
          "topic " + topic + " could not be written to for long; see whether it has its leaders";
      case REJECTED -> "the broker does not take the copy for topic " + topic;
    };
  }
}
