package io.millrace.ingest;

import io.javalin.http.Context;
import io.millrace.ingest.OpenStreams.OpenStream;
import io.millrace.ingest.Waiters.Waiter;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.openai.ChatChunks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a call that wants its answer as a stream of server-sent events. The exchange goes on, and
 * its result stays available, whatever becomes of the reader.
 */
final class StreamAnswer {

  private static final Logger LOG = LoggerFactory.getLogger(StreamAnswer.class);

  private final ResultWait wait;
  private final OpenStreams streams;
  private final IngestMeters meters;
  private final InstantSource clock;

  StreamAnswer(ResultWait wait, OpenStreams streams, IngestMeters meters, InstantSource clock) {
    this.wait = wait;
    this.streams = streams;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Publishes the exchange and streams its answer.
   *
   * @param idMayBeKnown whether the id may have been used before
   * @throws RefusedException when there is an error and nothing was sent yet
   */
  void publishAndStream(Context call, Exchange exchange, boolean idMayBeKnown)
      throws RefusedException, InterruptedException {
    String outcome = "failed";
    try (OpenStream stream = streams.open(exchange.getTenant(), exchange.getRequestId());
        Waiter waiter = wait.register(exchange);
        SseWriter out = new SseWriter(call, streams.settings().writeTimeout())) {
      var unused = waiter.result().whenComplete(stream.queue()::settle);
      wait.submit(waiter, exchange, idMayBeKnown);
      outcome =
          new StreamRelay(
                  stream.queue(),
                  new StreamAssembly(
                      exchange.getRequestId(),
                      ChatChunks.wantsUsage(exchange.getRequest().getExtra())),
                  out,
                  call,
                  wait,
                  exchange,
                  streams.settings(),
                  meters,
                  clock)
              .run(idMayBeKnown);
    } catch (RefusedException e) {
      outcome = "refused";
      throw e;
    } catch (IOException e) {
      LOG.debug("the reader of request {} is gone: {}", exchange.getRequestId(), e.toString());
      outcome = "gone";
    } finally {
      // Counted when the places are free again, so that whoever sees the count finds them free.
      meters.streamed(outcome, Duration.ofMillis(clock.millis() - exchange.getAcceptedAtMillis()));
    }
  }
}
