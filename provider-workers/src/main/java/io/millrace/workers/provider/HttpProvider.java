package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Calls a provider over HTTP in its own {@link WireFormat}. Each call has a time limit from the
 * first byte sent to the last received, so an answer that drips in slowly does not hold a worker.
 */
final class HttpProvider implements Provider {

  /** The most that is read of an error. */
  private static final int MAX_ERROR_BYTES = 64 * 1024;

  private final String name;
  private final HttpSettings settings;
  private final WireFormat format;
  private final InstantSource clock;
  private final HttpRequests requests;
  private final HttpReplies replies;
  private final HttpTransport transport;

  HttpProvider(String name, HttpSettings settings, WireFormat format, InstantSource clock) {
    this.name = name;
    this.settings = settings;
    this.format = format;
    this.clock = clock;
    this.requests = new HttpRequests(settings, format);
    this.replies = new HttpReplies(name, clock);
    this.transport = new HttpTransport(settings);
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    return call(request, false, answer -> whole(answer, request));
  }

  @Override
  public ProviderReply embed(ProviderRequest request) throws InterruptedException {
    return format.embeds() ? complete(request) : Provider.super.embed(request);
  }

  @Override
  public ProviderReply stream(ProviderRequest request, ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    return call(
        request,
        true,
        answer -> answer.isJson() ? whole(answer, request) : streamed(answer, request, chunks));
  }

  @Override
  public Optional<HealthReport> checkHealth(HealthRequest request) throws InterruptedException {
    if (!HttpRequests.isUsable(request.apiKey())) {
      return Optional.of(HealthReport.failing(replies.unusableKey().error().message()));
    }
    Optional<HttpRequest> look = requests.health(request.apiKey());
    return look.isEmpty()
        ? Optional.empty()
        : new HealthLook(name, transport).at(look.get(), request.timeout());
  }

  @Override
  public Optional<List<ModelInfo>> askForModels(HealthRequest request) throws InterruptedException {
    Optional<HttpRequest> question =
        HttpRequests.isUsable(request.apiKey())
            ? requests.models(request.apiKey())
            : Optional.empty();
    return question.isEmpty()
        ? Optional.empty()
        : new ModelsLook(name, transport, settings.maxResponseBytes())
            .at(question.get(), request.timeout());
  }

  @Override
  public void close() {
    transport.close();
  }

  private <E extends Exception> ProviderReply call(
      ProviderRequest request, boolean streamed, AnswerReader<E> reader)
      throws E, InterruptedException {
    if (!HttpRequests.isUsable(request.apiKey())) {
      return replies.unusableKey();
    }
    try {
      return send(requests.call(request, streamed), request, reader);
    } catch (UnmappableRequestException e) {
      return replies.unmappable(e);
    } catch (IllegalArgumentException e) {
      return replies.malformed(e);
    }
  }

  private <E extends Exception> ProviderReply send(
      HttpRequest http, ProviderRequest request, AnswerReader<E> reader)
      throws E, InterruptedException {
    try (HttpAnswer answer = transport.send(http, request.timeout())) {
      if (answer.status() != HttpReplies.OK) {
        byte[] body = answer.beginning(MAX_ERROR_BYTES);
        return replies.failure(
            answer.status(), answer.headers(), ErrorBody.read(body, request.apiKey()));
      }
      return reader.read(answer);
    } catch (CallTimeoutException e) {
      return replies.timedOut(e);
    } catch (IOException e) {
      return replies.broken(e);
    } catch (InvalidBodyException e) {
      return replies.notACompletion(String.valueOf(e.getMessage()));
    }
  }

  private ProviderReply whole(HttpAnswer answer, ProviderRequest request)
      throws IOException, CallTimeoutException, InvalidBodyException, InterruptedException {
    byte[] bytes = answer.all(settings.maxResponseBytes());
    JsonNode body = ChatCompletions.parse(bytes);
    JsonNode failed = AnswerEnd.failed(body);
    if (failed != null) {
      return replies.within(answer.headers(), ErrorBody.of(failed, bytes, request.apiKey()));
    }
    return success(format.read(body, request), answer, request);
  }

  private ProviderReply streamed(HttpAnswer answer, ProviderRequest request, ChunkSink chunks)
      throws IOException,
          CallTimeoutException,
          InvalidBodyException,
          ChunkSink.StoppedException,
          InterruptedException {
    int max = settings.maxResponseBytes();
    ChunkRelay relay = new ChunkRelay(chunks, request.request(), max);
    StreamedAnswer stream = new StreamedAnswer(answer, format.reader(request), relay, max);
    return switch (stream.run()) {
      case StreamedAnswer.Ending.Complete() ->
          success(ChatCompletions.readCompletion(relay.body()), answer, request);
      case StreamedAnswer.Ending.Cut() -> replies.cutOff();
      case StreamedAnswer.Ending.Fault(ErrorBody error) -> replies.within(answer.headers(), error);
    };
  }

  private ProviderReply success(Completion completion, HttpAnswer answer, ProviderRequest request) {
    return new ProviderReply.Success(
        withNames(completion, request),
        HttpReplies.OK,
        RateLimitHeaders.read(answer.headers(), clock.instant()));
  }

  /** Servers that only resemble the original leave these out. */
  private static Completion withNames(Completion completion, ProviderRequest request) {
    if (!completion.id().isEmpty() && !completion.model().isEmpty()) {
      return completion;
    }
    return new Completion(
        completion.id().isEmpty() ? request.callId() : completion.id(),
        completion.model().isEmpty() ? request.model() : completion.model(),
        completion.createdSeconds(),
        completion.choices(),
        completion.usage(),
        completion.extra());
  }

  /** Reads an answer with status 200. */
  private interface AnswerReader<E extends Exception> {
    ProviderReply read(HttpAnswer answer)
        throws E, IOException, CallTimeoutException, InvalidBodyException, InterruptedException;
  }
}
