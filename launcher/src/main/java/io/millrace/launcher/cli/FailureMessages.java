package io.millrace.launcher.cli;

import io.millrace.embedded.broker.EmbeddedBrokerException;
import io.millrace.embedded.registry.EmbeddedRegistryException;
import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.pipeline.PipelineException;
import io.millrace.schemas.registry.SchemaRegistryException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says in a line why a command failed; the stack trace only where it was asked for. */
final class FailureMessages implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    err.println("millrace: " + message(failure));
    if (verbose(parsed)) {
      failure.printStackTrace(err);
    }
    return failure instanceof ConfigException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }

  private static String message(Exception failure) {
    return switch (failure) {
      case CommandFailure known -> text(known);
      case ConfigException known -> text(known);
      case EmbeddedBrokerException known -> text(known);
      case EmbeddedRegistryException known -> text(known);
      case PipelineException known -> text(known);
      case SchemaRegistryException known -> text(known);
      default ->
          "unexpected failure: %s: run again with --verbose and report it".formatted(failure);
    };
  }

  private static String text(Exception failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }

  private static boolean verbose(ParseResult parsed) {
    return Arrays.asList("-v", "--verbose").stream()
        .anyMatch(option -> parsed.originalArgs().contains(option));
  }
}
