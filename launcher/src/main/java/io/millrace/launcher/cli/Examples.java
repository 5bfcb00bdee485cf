package io.millrace.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Shows the examples of a group of commands in the help of the commands they are about, too. */
final class Examples {

  /** How a line of an example begins that goes on with the line before it. */
  private static final String CONTINUED = "    ";

  private Examples() {}

  /** Gives those commands of a group that have no examples of their own the group's. */
  static void handDown(CommandLine group) {
    String[] footer = group.getCommandSpec().usageMessage().footer();
    for (CommandLine member : group.getSubcommands().values()) {
      List<String> about = about(member.getCommandSpec().qualifiedName(), footer);
      if (member.getCommandSpec().usageMessage().footer().length == 0 && !about.isEmpty()) {
        about.addAll(0, List.of("", "Examples:"));
        member.getCommandSpec().usageMessage().footer(about.toArray(String[]::new));
      }
    }
  }

  private static List<String> about(String command, String[] footer) {
    List<String> found = new ArrayList<>();
    boolean last = false;
    for (String line : footer) {
      last = line.startsWith(CONTINUED) ? last : (line + " ").contains(command + " ");
      if (last) {
        found.add(line);
      }
    }
    return found;
  }
}
