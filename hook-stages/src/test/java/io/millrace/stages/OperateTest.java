package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.OperationReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators ask of hooks: answered, done whole or not at all, and never late. */
class OperateTest {

  @TempDir private Path stateDir;

  @Test
  void shouldShowAndResetTheStateOfOneTenantOnly() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      assertThat(answer(home, "show", "acme")).isEqualTo("{\"key\":\"acme\",\"requests\":2}");
      assertThat(answer(home, "show", "other")).isEqualTo("{\"key\":\"other\",\"requests\":0}");
      assertThat(answer(home, "reset", "other")).contains("\"requests\":0");
      assertThat(answer(home, "reset", "acme")).contains("\"requests\":2");
      assertThat(answer(home, "show", "acme")).contains("\"requests\":0");
    }
  }

  @Test
  void shouldTellWhatWasDoneAndByWhom() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.operate("acme", asked(home, "reset", "acme").build());
      assertThat(home.events())
          .filteredOn(event -> "acme".equals(event.getTenant()))
          .anySatisfy(event -> assertThat(event.getType()).isEqualTo("quota-reset"))
          .anySatisfy(
              event ->
                  assertThat(event.getAttributes())
                      .containsEntry("operation", "reset")
                      .containsEntry("key", "acme")
                      .containsEntry("by", "the test"));
    }
  }

  @Test
  void shouldChangeNothingWhenTheHookThrowsAfterItChangedSomething() {
    try (HomeDriver home =
        driver(
            (operation, context) -> {
              context.state().put("pre", "99".getBytes(UTF_8));
              context.state().delete("pre");
              context.emit("never", Map.of());
              throw new IllegalStateException("secret");
            })) {
      home.request(accepted("r1", "one/small"));
      OperationReply reply = reply(home, "break", "acme");
      assertThat(reply.getAnswer()).isNull();
      assertThat(reply.getErrorCode()).isEqualTo("hook_failed");
      assertThat(reply.getErrorMessage())
          .contains("'quota' failed", "nothing was changed")
          .doesNotContain("secret");
      assertThat(answer(home, "show", "acme")).contains("\"requests\":1");
      assertThat(home.eventTypes()).doesNotContain("never");
    }
  }

  @Test
  void shouldSeeItsOwnChangesMeanwhile() {
    try (HomeDriver home =
        driver(
            (operation, context) -> {
              context.state().put("b", "2".getBytes(UTF_8));
              context.state().put("a", "1".getBytes(UTF_8));
              context.state().delete("pre");
              return "%d"
                  .formatted(
                      context.state().range("", "\uffff", 10).size()
                          * 10
                          * (context.state().get("pre") == null ? 1 : -1));
            })) {
      home.request(accepted("r1", "one/small"));
      assertThat(answer(home, "change", "acme")).isEqualTo("20");
      assertThat(answer(home, "show", "acme")).contains("\"requests\":0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "{} {}", "{"})
  void shouldTakeNoAnswerThatIsNoJson(String answer) {
    try (HomeDriver home =
        driver(
            (operation, context) -> {
              context.state().put("pre", "99".getBytes(UTF_8));
              return answer;
            })) {
      OperationReply reply = reply(home, "talk", "acme");
      assertThat(reply.getErrorCode()).isEqualTo("hook_failed");
      assertThat(answer(home, "show", "acme")).contains("\"requests\":0");
    }
  }

  @Test
  void shouldTakeNoAnswerOverItsBound() {
    try (HomeDriver home =
        driver((operation, context) -> "\"" + "x".repeat(Hook.MAX_ANSWER_CHARACTERS) + "\"")) {
      assertThat(reply(home, "talk", "acme").getErrorMessage())
          .contains("65538 characters, more than the 65536");
    }
  }

  @Test
  void shouldPassOnWhatTheHookSaysOfAWrongOperation() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      OperationReply reply = reply(home, "explode", "acme");
      assertThat(reply.getErrorCode()).isEqualTo("invalid_request");
      assertThat(reply.getErrorMessage())
          .isEqualTo("hook 'quota': it can show and reset, not explode");
    }
  }

  @Test
  void shouldNameTheHooksWithOperationsWhenTheHookIsUnknownOrHasNone() {
    ActiveHook plain = HomeDriver.hook("plain", new Hook() {});
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active(), plain)) {
      home.operate("acme", asked(home, "show", "acme").setHook("nobody").build());
      home.operate("acme", asked(home, "show", "acme").setHook("plain").build());
      List<String> messages =
          home.operationReplies().stream().map(OperationReply::getErrorMessage).toList();
      assertThat(messages)
          .containsExactly(
              "stage group 'home' has no hook 'nobody'; hooks with operations: quota",
              "hook 'plain' has no operations; hooks with operations: quota");
    }
  }

  @Test
  void shouldRefuseAHookThatIsSwitchedOff() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.chain.order("quota", HookSwitches.Position.OFF, "the test");
      assertThat(reply(home, "show", "acme").getErrorMessage())
          .contains("'quota' is switched off", "millrace plugin enable quota");
    }
  }

  @Test
  void shouldNotDoWhatComesTooLate() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.request(accepted("r1", "one/small"));
      HookOperation late = asked(home, "reset", "acme").build();
      home.advance(Duration.ofSeconds(10));
      home.operate("acme", late);
      assertThat(home.operationReplies())
          .singleElement()
          .satisfies(
              reply -> {
                assertThat(reply.getErrorCode()).isEqualTo("deadline_exceeded");
                assertThat(reply.getErrorMessage())
                    .contains("came after its deadline and was not done");
              });
      assertThat(answer(home, "show", "acme")).contains("\"requests\":1");
    }
  }

  @Test
  void shouldTakeTheLongestPastForThePast() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.operate("acme", asked(home, "show", "acme").setDeadlineMillis(Long.MIN_VALUE).build());
      assertThat(home.operationReplies().getFirst().getErrorCode()).isEqualTo("deadline_exceeded");
    }
  }

  @Test
  void shouldRefuseAKeyThatMayHaveLedToAnotherPartition() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.operate("other", asked(home, "show", "acme").build());
      assertThat(home.operationReplies().getFirst().getErrorMessage())
          .contains("is not the operation's scope key");
    }
  }

  @Test
  void shouldRefuseWhatIsOverItsBounds() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      String key = "k".repeat(257);
      assertThat(reply(home, "show", key).getErrorMessage())
          .isEqualTo("a key has 1 to 256 characters");
      assertThat(reply(home, "Show it", "acme").getErrorMessage()).contains("lower case");
    }
  }

  @Test
  void shouldPutWhatCannotBeUnderstoodToTheDeadLetters() {
    try (HomeDriver home = new HomeDriver(stateDir, new OperableHook().active())) {
      home.operateBytes(new byte[] {1, 2, 3});
      home.operateBytes(null);
      assertThat(home.deadLetters()).hasSize(2);
      assertThat(home.operationReplies()).isEmpty();
      assertThat(answer(home, "show", "acme")).contains("\"requests\":0");
    }
  }

  @Test
  void shouldRefuseARemoteHookForItWouldHoldUpTheStream() {
    HookDescriptor remote =
        HookDescriptor.of("far", "Waits.").remote(Duration.ofSeconds(1)).build();
    Hook hook =
        new Hook() {
          @Override
          public String operate(Operation operation, OperationContext context) {
            return "{}";
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, HomeDriver.hook(remote, hook))) {
      home.operate("acme", asked(home, "show", "acme").setHook("far").build());
      assertThat(home.operationReplies().getFirst().getErrorMessage())
          .isEqualTo("hook 'far' has no operations; hooks with operations: none");
    }
  }

  @Test
  void shouldAnswerAHookWithoutAScopeWhereTheGroupIsKeyedByTenant() {
    ActiveHook unscoped = new OperableHook(Scope.NONE, (operation, context) -> "{}").active();
    try (HomeDriver home = new HomeDriver(stateDir, unscoped)) {
      home.request(accepted("r1", "one/small"));
      assertThat(answer(home, "show", "acme")).contains("\"requests\":1");
    }
  }

  private HomeDriver driver(BiFunction<Operation, OperationContext, String> further) {
    return new HomeDriver(stateDir, new OperableHook(further).active());
  }

  private static String answer(HomeDriver home, String operation, String key) {
    OperationReply reply = reply(home, operation, key);
    assertThat(reply.getErrorMessage()).isNull();
    return reply.getAnswer();
  }

  private static OperationReply reply(HomeDriver home, String operation, String key) {
    home.operate(key, asked(home, operation, key).build());
    return home.operationReplies().getFirst();
  }

  private static HookOperation.Builder asked(HomeDriver home, String operation, String key) {
    long now = home.now().toEpochMilli();
    return HookOperation.newBuilder()
        .setOperationId("op-1")
        .setHook("quota")
        .setOperation(operation)
        .setScopeKey(key)
        .setAtMillis(now)
        .setDeadlineMillis(now + 10_000)
        .setBy("the test");
  }
}
