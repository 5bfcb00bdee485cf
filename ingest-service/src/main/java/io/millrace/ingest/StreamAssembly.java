package io.millrace.ingest;

import io.millrace.ingest.StreamStep.Break;
import io.millrace.ingest.StreamStep.Finish;
import io.millrace.ingest.StreamStep.Replay;
import io.millrace.ingest.StreamStep.Send;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatChunks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one stream for one reader out of what comes for its request: pieces of one run of an
 * attempt, or of several after a crash or a fallback, and the result.
 *
 * <p>What the reader gets is always the beginning of one run, or of the result, and never goes
 * back: until the first piece was sent, a later run takes an earlier one's place; from then on
 * another run cannot, and the reader is told that the stream broke. A result for which no piece was
 * sent is cut into pieces. A stream of which pieces are missing is completed from the result where
 * that begins with what was sent. For one thread; knows no time.
 */
final class StreamAssembly {

  /** So many abandoned runs are told apart; a request has few attempts, and a crash is rare. */
  private static final int MAX_ABANDONED = 64;

  private final String requestId;
  private final boolean withUsage;
  private final SentText text = new SentText();
  private final Set<String> abandoned = new HashSet<>();
  private @Nullable String stream;
  private @Nullable CompletionResult result;
  private int attempt;
  private long next;
  private boolean begun;
  private boolean whole;
  private boolean gap;

  /**
   * The stream of a request.
   *
   * @param withUsage whether the caller wants to be told what was used
   */
  StreamAssembly(String requestId, boolean withUsage) {
    this.requestId = requestId;
    this.withUsage = withUsage;
  }

  /** Whether anything was sent: an error is told by an event from then on. */
  boolean begun() {
    return begun;
  }

  /** Whether the stream and the result wait for each other, which shall not take long. */
  boolean settling() {
    return (whole && begun) || result != null;
  }

  /** A piece came. */
  StreamStep on(CompletionChunk chunk) {
    boolean fallback = chunk.getAttempt() > attempt && !begun;
    if (gap || chunk.getAttempt() < attempt || (whole && !fallback)) {
      return StreamStep.WAIT;
    }
    whole = false;
    if (!chunk.getStream().equals(stream)) {
      return onOther(chunk);
    }
    if (chunk.getSequence() < next) {
      return StreamStep.WAIT;
    }
    return chunk.getSequence() == next ? accept(chunk) : onGap();
  }

  /** A piece of another run: who joins in the middle of one cannot use it. */
  private StreamStep onOther(CompletionChunk chunk) {
    if (chunk.getSequence() != 0 || abandoned.contains(chunk.getStream()) || result != null) {
      return StreamStep.WAIT;
    }
    if (begun) {
      return new Break(
          ErrorCode.STREAM_INTERRUPTED.error(
              "whoever streamed the answer is gone, and another one began anew; "
                  + whereTheResultIs()));
    }
    leave();
    stream = chunk.getStream();
    attempt = chunk.getAttempt();
    return accept(chunk);
  }

  private StreamStep accept(CompletionChunk chunk) {
    next = chunk.getSequence() + 1;
    PipelineError error = chunk.getError();
    if (error != null) {
      return onError(error);
    }
    if (chunk.getLast()) {
      whole = true;
      return result == null ? StreamStep.WAIT : on(result);
    }
    String json = chunk.getJson();
    if (json == null) {
      return StreamStep.WAIT;
    }
    begun = true;
    text.add(json);
    return new Send(json);
  }

  /** Where nothing was sent, a fallback may follow, and the result says how it ended. */
  private StreamStep onError(PipelineError error) {
    if (begun) {
      return new Break(AvroModel.toModel(error));
    }
    leave();
    return StreamStep.WAIT;
  }

  private StreamStep onGap() {
    if (!begun) {
      leave();
      return StreamStep.WAIT;
    }
    gap = true;
    return result == null ? StreamStep.WAIT : completed(result);
  }

  private void leave() {
    if (stream != null && abandoned.size() < MAX_ABANDONED) {
      abandoned.add(stream);
    }
    stream = null;
    next = 0;
  }

  /** The result came. */
  StreamStep on(CompletionResult settled) {
    result = settled;
    boolean another = settled.getAttempts().size() > attempt;
    if (whole && settled.getOutcome() instanceof Completion && !another) {
      return StreamStep.DONE;
    }
    if (!begun) {
      return new Replay(settled);
    }
    if (settled.getOutcome() instanceof PipelineError error) {
      return new Break(AvroModel.toModel(error));
    }
    if (whole) {
      return new Break(
          ErrorCode.STREAM_INTERRUPTED.error(
              "the answer was given up after it was streamed, and another one took its place; "
                  + whereTheResultIs()));
    }
    return gap ? completed(settled) : StreamStep.WAIT;
  }

  /** The stream or the result did not come in time after the other. */
  StreamStep giveUpSettling() {
    return result == null || whole ? StreamStep.DONE : completed(result);
  }

  private StreamStep completed(CompletionResult settled) {
    if (settled.getOutcome() instanceof Completion completion) {
      var answer = AvroModel.toModel(completion);
      Optional<List<String>> missing = text.missingOf(answer);
      if (missing.isPresent()) {
        List<String> pieces = new ArrayList<>(missing.get());
        if (withUsage) {
          pieces.add(ChatChunks.usage(answer));
        }
        return new Finish(pieces);
      }
    }
    return new Break(
        ErrorCode.STREAM_INTERRUPTED.error(
            "pieces of the answer are missing, and it is not what was sent; "
                + whereTheResultIs()));
  }

  private String whereTheResultIs() {
    return "GET " + Answers.REQUESTS_PATH + requestId + " has the result when it is there";
  }
}
