package io.millrace.launcher.cli;

import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Options of commands that ask one hook about one tenant. Each such command has a subclass, as a
 * {@code @Mixin}, that says which hook is asked by default.
 */
abstract class TenantQuestion {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private AskOptions ask = new AskOptions();

  @Option(
      names = "--hook",
      paramLabel = "NAME",
      description = "The hook's name in the chain. Default: ${DEFAULT-VALUE}.")
  private String hook;

  TenantQuestion(String defaultHook) {
    this.hook = defaultHook;
  }

  /**
   * Has the hook do an operation without arguments, and prints its answer.
   *
   * @return the exit code
   * @throws CommandFailure when it was not done, or nobody answered
   */
  final int print(String operation, String tenant) {
    String answer = ask.ask(hook, operation, tenant, Map.of());
    command.commandLine().getOut().println(answer);
    return 0;
  }
}
