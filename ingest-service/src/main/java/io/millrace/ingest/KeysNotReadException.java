package io.millrace.ingest;

import org.apache.kafka.common.errors.RetriableException;

/** Whether a record is signed cannot be told yet, which says nothing about the record. */
final class KeysNotReadException extends RetriableException {

  private static final long serialVersionUID = 1L;

  KeysNotReadException(String reason) {
    super(reason);
  }
}
