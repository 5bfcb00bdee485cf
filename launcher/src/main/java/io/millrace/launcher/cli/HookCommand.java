package io.millrace.launcher.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Operations on what hooks keep. */
@Command(
    name = "hook",
    description = "Show or change what a hook keeps, whichever instance holds it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace hook operate rate-limit show --key team-a",
      "  millrace hook operate cache drop --key team-a --arg key=HASH --json"
    })
final class HookCommand extends CommandGroup {

  @Command(
      name = "operate",
      description =
          "Have a hook do one of its operations; its README says which it has. All of it is done,"
              + " or nothing.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace hook operate budget reset --key team-a"})
  int operate(
      @Mixin AskOptions ask,
      @Parameters(paramLabel = "HOOK", description = "The hook's name in the chain.") String hook,
      @Parameters(paramLabel = "OPERATION", description = "What to do, such as show or reset.")
          String operation,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "KEY",
              description =
                  "Whose state: the tenant; for a hook of another scope the provider, the content"
                      + " hash, or the hook's own key.")
          String key,
      @Option(
              names = "--arg",
              paramLabel = "NAME=VALUE",
              description = "What the operation has to know; may be repeated.")
          Map<String, String> arguments) {
    Map<String, String> given = arguments == null ? Map.of() : arguments;
    out().println(ask.ask(hook, operation, key, given));
    return 0;
  }
}
