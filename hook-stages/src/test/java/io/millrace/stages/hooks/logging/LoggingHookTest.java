package io.millrace.stages.hooks.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LoggingHookTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(LoggingHook.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final HookContext context =
      new TestContext().withRequestId("r1").withTenant("acme").withTarget("one", "small");

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void shouldLogRequestAndResponseAsFieldsWhenSampled() {
    run(new LoggingHook(1, 0));
    assertThat(lines.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly("request", "response");
    assertThat(field(1, "promptTokens")).isEqualTo("5");
    assertThat(field(0, "requestId")).isEqualTo("r1");
    assertThat(lines.list.toString()).doesNotContain("hello");
  }

  @Test
  void shouldRedactThePreview() {
    LoggingHook hook = new LoggingHook(1, 12);
    hook.preHook(CompletionRequest.of("m", "a@b.example is hello to you"), context);
    assertThat(field(0, "prompt")).isEqualTo("[email] is h");
  }

  @Test
  void shouldLogNothingButErrorsWhenNotSampled() {
    LoggingHook hook = new LoggingHook(0, 0);
    run(hook);
    hook.postHook(ErrorCode.UPSTREAM_ERROR.error("key sk-12345678abc refused"), context);
    assertThat(lines.list).hasSize(1);
    assertThat(field(0, "error")).isEqualTo("key [key] refused");
  }

  @Test
  void shouldSampleAboutTheShareItIsTold() {
    LoggingHook hook = new LoggingHook(0.2, 0);
    int sampled = 0;
    for (int i = 0; i < 10_000; i++) {
      sampled += hook.sampled("request-" + i) ? 1 : 0;
    }
    assertThat(sampled).isBetween(1_700, 2_300);
  }

  private void run(LoggingHook hook) {
    hook.preHook(CompletionRequest.of("m", "hello"), context);
    hook.postHook(Completion.ofText("c", "m", 1, "hello back", Usage.of(5, 2)), context);
  }

  private String field(int line, String key) {
    for (KeyValuePair pair : lines.list.get(line).getKeyValuePairs()) {
      if (pair.key.equals(key)) {
        return Objects.toString(pair.value);
      }
    }
    throw new AssertionError("line " + line + " has no field " + key);
  }
}
