package io.millrace.launcher.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.millrace.launcher.config.DurationText;
import io.millrace.launcher.keys.KeyAdministration;
import io.millrace.launcher.keys.KeyJson;
import io.millrace.schemas.access.IssuedKey;
import io.millrace.schemas.avro.AccessKey;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All about keys. */
@Command(
    name = "keys",
    description = "Create, list, show, rotate and revoke the keys that requests are sent with.",
    mixinStandardHelpOptions = true,
    subcommands = KeyCreateCommand.class,
    footer = {
      "",
      "Examples:",
      "  millrace keys create checkout --tenant acme --model openai/* --expires-in 90d",
      "  millrace keys list",
      "  millrace keys rotate abcdefgh2345 --grace 24h",
      "  millrace keys revoke abcdefgh2345"
    })
final class KeysCommand extends CommandGroup {

  private static final String ID = "The key's id, as 'keys list' shows it.";

  @Command(
      name = "list",
      description = "List all keys, the revoked ones too.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace keys list --json"})
  int list(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    List<AccessKey> keys = KeyAccess.with(global, cluster, KeyAdministration::list);
    out().println(json ? KeyJson.write(keys, Instant.now()).toPrettyString() : table(keys));
    return 0;
  }

  @Command(
      name = "show",
      description = "Show one key as JSON.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace keys show abcdefgh2345"})
  int show(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "ID", description = ID) String id) {
    AccessKey key = KeyAccess.with(global, cluster, keys -> keys.show(id));
    out().println(KeyJson.write(key, Instant.now()).toPrettyString());
    return 0;
  }

  @Command(
      name = "rotate",
      description = "Give a key a new secret; the one before is taken for a while.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace keys rotate abcdefgh2345 --grace 1h"})
  int rotate(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--grace",
              paramLabel = "DURATION",
              description =
                  "How long the secret before is taken, 0s to 30d. Default: ${DEFAULT-VALUE}.",
              defaultValue = "24h")
          String grace,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    IssuedKey issued =
        KeyAccess.with(global, cluster, keys -> keys.rotate(id, DurationText.parse(grace)));
    print(out(), issued, json);
    return 0;
  }

  @Command(
      name = "revoke",
      description = "Take a key back, at once and for ever.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  millrace keys revoke abcdefgh2345"})
  int revoke(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "ID", description = ID) String id) {
    AccessKey key = KeyAccess.with(global, cluster, keys -> keys.revoke(id));
    out().printf("revoked: %s (%s); every instance follows%n", key.getId(), key.getName());
    return 0;
  }

  /** The one time that secrets are printed. */
  static void print(PrintWriter out, IssuedKey issued, boolean json) {
    if (json) {
      out.println(KeyJson.write(issued, Instant.now()).toPrettyString());
      return;
    }
    out.printf("id:          %s%n", issued.record().getId());
    out.printf("tenant:      %s%n", issued.record().getTenant());
    out.printf("api key:     %s%n", issued.key());
    if (issued.signingKey() != null) {
      out.printf("signing key: %s%n", issued.signingKey());
    }
    out.println("Keep it now: it is stored nowhere and shown only this once.");
  }

  private static String table(List<AccessKey> keys) {
    Instant now = Instant.now();
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        keys,
        List.of(
            column("id").with(AccessKey::getId),
            column("name").with(AccessKey::getName),
            column("tenant").with(AccessKey::getTenant),
            column("status").with(key -> KeyJson.status(key, now)),
            column("models").with(key -> allOr(key.getModels())),
            column("lanes").with(key -> allOr(key.getLanes())),
            column("signing").with(key -> key.getSigning() ? "yes" : "no"),
            column("expires").with(KeysCommand::end)));
  }

  private static String allOr(List<String> bound) {
    return bound.isEmpty() ? "all" : String.join(", ", bound);
  }

  private static String end(AccessKey key) {
    Long expires = key.getExpiresAtMillis();
    return expires == null ? "never" : Instant.ofEpochMilli(expires).toString();
  }

  private static Column column(String header) {
    return new Column()
        .header(header)
        .dataAlign(HorizontalAlign.LEFT)
        .headerAlign(HorizontalAlign.LEFT);
  }
}
