package io.millrace.stages.hooks.ratelimit;

/**
 * What one request asks of one limiter.
 *
 * @param bucket the limiter
 * @param amount how much, at least 1
 */
record Claim(Bucket bucket, long amount) {

  Limit limit() {
    return bucket.limit();
  }

  Limiter limiter() {
    return bucket.limiter();
  }

  /** What it is of all that the limiter holds, for taking turns. */
  long share() {
    return WaitingLine.share(amount, limiter().capacity());
  }
}
