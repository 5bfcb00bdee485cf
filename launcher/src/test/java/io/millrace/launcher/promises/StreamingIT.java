package io.millrace.launcher.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.launcher.kill.MillraceProcess;
import io.millrace.launcher.pipeline.Role;
import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.workers.HealthSetting;
import io.millrace.workers.ProviderSetting;
import io.millrace.workers.ProviderWorkers;
import io.millrace.workers.ProviderWorkersConfig;
import io.millrace.workers.WorkerPlugins;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streamed answers over the whole pipeline, read by the clients that people have. */
class StreamingIT {

  private static final TopicCatalogue TOPICS = new TopicCatalogue("millrace.", 4);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final ScriptedStreams PROVIDER = new ScriptedStreams();
  private static final RemoteStreams REMOTE = new RemoteStreams();

  private static PipelineUnderTest pipeline;
  private static ProviderWorkers workers;
  private static MillraceProcess remoteWorker;
  private static OpenAIClient openai;

  private RawStreams raw;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    pipeline =
        PipelineUnderTest.start(
            folder,
            EnumSet.of(Role.INGEST, Role.HOOKS),
            Map.of(),
            "profile: development\nproviders:\n  simulated: {type: simulated}\n"
                + REMOTE.provider());
    remoteWorker = REMOTE.startWorker(folder, pipeline.connection());
    workers = startWorkers();
    openai =
        OpenAIOkHttpClient.builder()
            .baseUrl(pipeline.address("/v1").toString())
            .apiKey("none")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() throws IOException {
    openai.close();
    remoteWorker.close();
    workers.close();
    pipeline.close();
    REMOTE.close();
  }

  @BeforeEach
  void open() {
    raw = new RawStreams(pipeline);
  }

  @AfterEach
  void close() {
    raw.close();
  }

  /** Hooks that stop a stream at the word forbidden and leave out the word secret. */
  private static ChunkResult screen(Chunk chunk) {
    if (chunk.json().contains("forbidden")) {
      return ChunkResult.abort(ErrorCode.FORBIDDEN.error("no more of this"));
    }
    return chunk.json().contains("secret ") ? ChunkResult.drop() : ChunkResult.pass(chunk);
  }

  /** Workers that let nothing finish when they stop. */
  private static ProviderWorkers startWorkers() {
    return ProviderWorkers.start(
        ProviderWorkersConfig.defaults()
            .withProviders(Map.of("simulated", ProviderSetting.of(ScriptedStreams.TYPE)))
            .withGrace(Duration.ZERO, Duration.ofMillis(50)),
        HealthSetting.defaults(),
        pipeline.connection(),
        TOPICS,
        new SimpleMeterRegistry(),
        WorkerPlugins.ofTypes(List.of(PROVIDER)),
        ran -> StreamingIT::screen);
  }

  private static ChatCompletionCreateParams.Builder question(String text) {
    return ChatCompletionCreateParams.builder().model("simulated/m").addUserMessage(text);
  }

  private List<ChatCompletionChunk> streamed(ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> answer =
        openai.chat().completions().createStreaming(params)) {
      return answer.stream().toList();
    }
  }

  private static String text(List<ChatCompletionChunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.choices().stream())
        .flatMap(choice -> choice.delta().content().stream())
        .collect(Collectors.joining());
  }

  @Test
  void shouldStreamToOpenAisJavaClient() {
    List<ChatCompletionChunk> chunks =
        streamed(
            question("one two three")
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());

    assertThat(text(chunks)).isEqualTo("one two three");
    assertThat(chunks).hasSize(5);
    assertThat(chunks.getLast().choices()).isEmpty();
    assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isEqualTo(7);
    ChatCompletion whole = openai.chat().completions().create(question("as a whole").build());
    assertThat(whole.choices().getFirst().message().content()).contains("as a whole");
  }

  @Test
  void shouldTellErrorsToOpenAisJavaClient() {
    assertThatThrownBy(() -> streamed(question("refuse this").build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("scripted UPSTREAM_REJECTED");
    assertThatThrownBy(() -> streamed(question("break off").build()))
        .isInstanceOf(OpenAIException.class)
        .hasMessageContaining("UPSTREAM_UNREACHABLE");
  }

  @Test
  void shouldReplayCachedAnswersAndThoseThatCameWithoutPieces() {
    assertThat(text(streamed(question("whole answers too").build())))
        .isEqualTo("whole answers too");
    assertThat(text(streamed(question("keep this").build()))).isEqualTo("keep this");
    int called = PROVIDER.calls.get();

    await()
        .untilAsserted(
            () -> {
              assertThat(text(streamed(question("keep this").build()))).isEqualTo("keep this");
              assertThat(openai.chat().completions().create(question("keep this").build()))
                  .isNotNull();
            });
    assertThat(PROVIDER.calls).hasValue(called);
  }

  @Test
  void shouldLeadPiecesThroughTheHooks() {
    assertThat(text(streamed(question("a secret word").build()))).isEqualTo("a word");
    assertThatThrownBy(() -> streamed(question("something forbidden here").build()))
        .isInstanceOf(OpenAIException.class)
        .hasMessageContaining("no more of this");
    assertThatThrownBy(() -> streamed(question("forbidden at once").build()))
        .isInstanceOf(com.openai.errors.PermissionDeniedException.class);
  }

  @Test
  void shouldSendTheFirstPieceWhileTheProviderIsStillAnswering() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> answer =
        raw.post("simulated/m", "hold on a moment", "held");
    try (BufferedReader reader = RawStreams.reader(answer.get(60, TimeUnit.SECONDS))) {
      assertThat(reader.readLine()).contains("\"content\":\"hold \"");
      PROVIDER.goOn.release();
      assertThat(reader.lines().toList()).contains("data: [DONE]");
    }
  }

  @Test
  void shouldTellThatTheStreamBrokeWhenItsWorkerStopsAndKeepTheResult() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> answer =
        raw.post("simulated/m", "hold the line", "broken");
    try (BufferedReader reader = RawStreams.reader(answer.get(60, TimeUnit.SECONDS))) {
      assertThat(reader.readLine()).contains("\"content\":\"hold \"");
      workers.close();
      List<String> rest = reader.lines().filter(line -> !line.isEmpty()).toList();
      assertThat(rest).singleElement().asString().contains("\"code\":\"stream_interrupted\"");
    }
    PROVIDER.goOn.release();
    workers = startWorkers();
    await()
        .atMost(PATIENCE)
        .until(() -> raw.get("/v1/requests/broken").contains("\"content\":\"hold the line\""));
  }

  @Test
  void shouldStreamAllOfItWhenTheWorkerStopsBeforeTheFirstPiece() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> answer =
        raw.post("simulated/m", "wait for me", "retried");
    PROVIDER.waiting.acquire();
    workers.close();
    PROVIDER.goOn.release();
    workers = startWorkers();
    try (BufferedReader reader = RawStreams.reader(answer.get(60, TimeUnit.SECONDS))) {
      List<String> lines = reader.lines().filter(line -> !line.isEmpty()).toList();
      assertThat(lines).hasSize(5).last().isEqualTo("data: [DONE]");
      assertThat(lines.getFirst()).contains("\"content\":\"wait \"");
    }
  }

  /** SIGKILL: nobody says good-bye. One reader has read a word by then, the other nothing. */
  @Test
  void shouldAnswerOrSayThatItBrokeWhenTheWorkerIsKilled() throws Exception {
    remoteWorker.awaitReady(1);
    var before = raw.post("remote/m", RemoteStreams.HANG_BEFORE, "killed-before");
    var within = raw.post("remote/m", RemoteStreams.HANG_WITHIN, "killed-within");
    try (BufferedReader broken = RawStreams.reader(within.get(60, TimeUnit.SECONDS))) {
      assertThat(broken.readLine()).contains("assistant");
      assertThat(broken.readLine()).isEmpty();
      assertThat(broken.readLine()).contains("one ");
      REMOTE.hanging.acquire(2);
      remoteWorker.kill();
      remoteWorker.restart();
      assertThat(RawStreams.data(broken)).singleElement().asString().contains("stream_interrupted");
    }
    try (BufferedReader whole = RawStreams.reader(before.get(60, TimeUnit.SECONDS))) {
      List<String> lines = RawStreams.data(whole);
      assertThat(lines).hasSize(5).last().isEqualTo("data: [DONE]");
      assertThat(lines.get(1)).contains("\"content\":\"one \"");
    }
    await().atMost(PATIENCE).until(() -> raw.get("/v1/requests/killed-within").contains("one two"));
    assertThat(pipeline.everyRecord())
        .filteredOn(record -> record.startsWith(TOPICS.completions().name() + ": killed-"))
        .hasSize(2);
  }

  @Test
  void shouldStreamToOpenAisJavaScriptClient(@TempDir Path folder) throws Exception {
    NodeProject node = NodeProject.with(folder, "openai@6");

    String output = node.run("stream.mjs", pipeline.address("/v1").toString());

    assertThat(output.lines())
        .containsExactly(
            "text four words for you 7",
            "refused 400 upstream_rejected",
            "piece",
            "broke APIError upstream_unreachable",
            "whole in one");
  }
}
