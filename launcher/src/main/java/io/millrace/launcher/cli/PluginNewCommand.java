package io.millrace.launcher.cli;

import io.millrace.launcher.template.PluginProject;
import io.millrace.launcher.template.PluginTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins a plugin. */
@Command(
    name = "new",
    description =
        "Write a small Maven project of a plugin: a working implementation, its factory, tests and"
            + " a README. It can be loaded as it is, without being built.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace plugin new hook my-guard",
      "  millrace plugin new strategy cheapest --dir plugins/cheapest"
    })
final class PluginNewCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
  private PluginTemplate kind = PluginTemplate.HOOK;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "What the plugin is called: lower case letters, digits and hyphens.")
  private String name = "";

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "Where to write it; must be empty or missing. Default: NAME.")
  private @Nullable Path dir;

  @Override
  public Integer call() {
    Path folder = Objects.requireNonNullElseGet(dir, () -> Path.of(name));
    PluginProject project = project();
    try {
      project.write(folder);
    } catch (IOException e) {
      throw new CommandFailure("cannot write the project: " + e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s holds a %s; next:%n  " + Main.PROGRAM + " plugin check %s%n  see %s%n",
            folder,
            kind,
            folder,
            folder.resolve("README.md"));
    return 0;
  }

  private PluginProject project() {
    try {
      return new PluginProject(kind, name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
