package io.millrace.launcher.cli;

import io.millrace.launcher.keys.KeyRequest;
import io.millrace.schemas.access.IssuedKey;
import io.millrace.schemas.access.KeySpec;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a key. */
@Command(
    name = "create",
    description =
        "Create a key and print it, this once. Without models, lanes and endpoints it may do"
            + " everything in its tenant's name.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace keys create checkout --tenant acme",
      "  millrace keys create nightly --tenant acme --lane batch \\",
      "    --model openai/gpt-x --model 'local/*'",
      "  millrace keys create importer --tenant acme --signing --expires-in 90d --json"
    })
final class KeyCreateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "NAME", description = "What people call it.")
  private String name = "";

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      required = true,
      description = "Whose it is: the tenant of everything it sends.")
  private String tenant = "";

  @Option(names = "--team", paramLabel = "NAME", description = "The team within the tenant.")
  private @Nullable String team;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "provider/model, provider/* or a model it may use; may be repeated.")
  private List<String> models = List.of();

  @Option(
      names = "--lane",
      paramLabel = "LANE",
      description = "interactive, standard or batch; may be repeated.")
  private List<String> lanes = List.of();

  @Option(
      names = "--endpoint",
      paramLabel = "PATH",
      description = "An HTTP endpoint it may use, e.g. /v1/chat/completions; may be repeated.")
  private List<String> endpoints = List.of();

  @Option(
      names = "--expires-in",
      paramLabel = "DURATION",
      description = "When it ends, e.g. 90d. Default: never.")
  private @Nullable String expiresIn;

  @Option(
      names = "--signing",
      description = "Let it sign records of the requests topic, and print the signing key too.")
  private boolean signing;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    KeySpec wanted = wanted(Instant.now());
    IssuedKey issued = KeyAccess.with(global, cluster, keys -> keys.create(wanted));
    KeysCommand.print(spec.commandLine().getOut(), issued, json);
    return 0;
  }

  private KeySpec wanted(Instant now) {
    try {
      return new KeySpec(
          name,
          tenant,
          team,
          expiresIn == null ? null : KeyRequest.endAfter("--expires-in", expiresIn, now),
          new HashSet<>(models),
          KeyRequest.lanes(new HashSet<>(lanes)),
          new HashSet<>(endpoints),
          signing);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
