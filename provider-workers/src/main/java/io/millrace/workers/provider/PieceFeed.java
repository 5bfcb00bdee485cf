package io.millrace.workers.provider;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands a body over piece by piece to one thread that waits for it. At most one piece that nobody
 * has taken is held; the rest stays with the sender.
 */
final class PieceFeed implements BodySubscriber<PieceFeed> {

  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final Object lock = new Object();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  @Override
  public CompletionStage<PieceFeed> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    synchronized (lock) {
      subscription = given;
      if (!closed) {
        given.request(1);
        return;
      }
    }
    given.cancel();
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    signals.add(new Signal.Piece(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    signals.add(new Signal.Broken(cause));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal.End());
  }

  /**
   * Takes what comes next.
   *
   * @return null when nothing came in time
   */
  @Nullable Signal take(long nanos) throws InterruptedException {
    Signal next = signals.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    if (next instanceof Signal.Piece) {
      askForMore();
    }
    return next;
  }

  /** Hangs up, unless the body is complete. */
  void close() {
    Flow.Subscription open;
    synchronized (lock) {
      closed = true;
      open = subscription;
    }
    if (open != null) {
      open.cancel();
    }
  }

  private void askForMore() {
    Flow.Subscription open;
    synchronized (lock) {
      open = subscription;
    }
    if (open != null) {
      open.request(1);
    }
  }

  /** What a body is made of. */
  sealed interface Signal {

    /** Some bytes. */
    record Piece(List<ByteBuffer> buffers) implements Signal {}

    /** The connection broke off. */
    record Broken(Throwable cause) implements Signal {

      IOException asIo() {
        return cause instanceof IOException io ? io : new IOException(cause);
      }
    }

    /** The body is complete. */
    record End() implements Signal {}
  }
}
