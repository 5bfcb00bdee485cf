package io.millrace.schemas.topic;

/** Names of the record headers that Millrace reads and writes; values are UTF-8. */
public final class HeaderNames {

  /**
   * What all headers of Millrace's own start with. They are not copied from a request to its
   * result.
   */
  public static final String PREFIX = "millrace-";

  /** On requests: the request id, for JSON values that cannot hold one. */
  public static final String REQUEST_ID = PREFIX + "request-id";

  /** On requests: the tenant. */
  public static final String TENANT = PREFIX + "tenant";

  /** On requests: the lane, in lower case. */
  public static final String LANE = PREFIX + "lane";

  /** On requests: milliseconds from acceptance to deadline. */
  public static final String TIMEOUT_MILLIS = PREFIX + "timeout-ms";

  /** On requests: provider/model pairs separated by commas. */
  public static final String FALLBACKS = PREFIX + "fallbacks";

  /** On signed requests: the id of the key that signed. */
  public static final String KEY_ID = PREFIX + "key-id";

  /** On signed requests: when it was signed, in UTC milliseconds. */
  public static final String TIMESTAMP = PREFIX + "timestamp";

  /** On signed requests: a value never used before by this tenant; becomes the request's id. */
  public static final String NONCE = PREFIX + "nonce";

  /** On signed requests: the signature, in hexadecimal digits. */
  public static final String SIGNATURE = PREFIX + "signature";

  /** On dead letters: the error's code. */
  public static final String ERROR_CODE = PREFIX + "error-code";

  /** On dead letters: what was wrong and what would be right. */
  public static final String ERROR_MESSAGE = PREFIX + "error-message";

  /** On dead letters: the topic the record was on. */
  public static final String ORIGIN_TOPIC = PREFIX + "origin-topic";

  /** On dead letters: its partition. */
  public static final String ORIGIN_PARTITION = PREFIX + "origin-partition";

  /** On dead letters: its offset. */
  public static final String ORIGIN_OFFSET = PREFIX + "origin-offset";

  /** On dead letters: its timestamp in UTC milliseconds. */
  public static final String ORIGIN_TIMESTAMP_MILLIS = PREFIX + "origin-timestamp-ms";

  /** On dead letters: which component refused it. */
  public static final String FAILED_BY = PREFIX + "failed-by";

  /** On requests, of Spring's making: where a copy of the result is wanted. */
  public static final String SPRING_REPLY_TOPIC = "kafka_replyTopic";

  /** On requests, of Spring's making: which partition of it, a 4-byte integer. */
  public static final String SPRING_REPLY_PARTITION = "kafka_replyPartition";

  /** On requests and results, of Spring's making: copied as it is. */
  public static final String SPRING_CORRELATION_ID = "kafka_correlationId";

  private HeaderNames() {}
}
