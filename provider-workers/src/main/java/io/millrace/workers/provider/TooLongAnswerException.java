package io.millrace.workers.provider;

import java.io.IOException;

/** An answer is longer than the configured bound. */
final class TooLongAnswerException extends IOException {

  private static final long serialVersionUID = 1L;

  TooLongAnswerException(long maxBytes) {
    super("the body is longer than %d bytes".formatted(maxBytes));
  }
}
