package io.millrace.launcher.pipeline;

import io.millrace.stages.HookStatus;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Roles that run in this process, started together and stopped in reverse order. Thread-safe. */
public final class RoleGroup implements AutoCloseable {

  /** How long all roles together may take until they are ready. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private static final long POLL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final List<RunningRole> running;
  private volatile boolean closing;

  private RoleGroup(List<RunningRole> running) {
    this.running = running;
  }

  /** Starts roles side by side and returns when all are ready. */
  static RoleGroup start(Set<Role> roles, RoleContext context) {
    RoleGroup group = new RoleGroup(Collections.synchronizedList(new ArrayList<>()));
    try {
      group.startAll(roles, context);
      group.awaitReady();
      return group;
    } catch (RuntimeException e) {
      group.closeAfter(e);
      throw e;
    }
  }

  /** Where ingest listens, if it runs here. */
  Optional<URI> httpAddress() {
    return running.stream().flatMap(role -> role.address().stream()).findFirst();
  }

  /** How the hooks that run here do, in chain order. */
  List<HookStatus> hooks() {
    return List.copyOf(running).stream().flatMap(role -> role.hooks().get().stream()).toList();
  }

  /** Which roles run here. */
  Set<Role> roles() {
    return List.copyOf(running).stream().map(RunningRole::role).collect(Collectors.toSet());
  }

  /** Whether every role does its work; no longer once they are being stopped. */
  boolean ready() {
    return !closing
        && List.copyOf(running).stream().allMatch(role -> role.readiness().getAsBoolean());
  }

  /** Why a role stopped by itself, if one did. */
  public Optional<Throwable> failure() {
    return List.copyOf(running).stream()
        .flatMap(role -> role.fatal().get().<Throwable>map(cause -> stopped(role, cause)).stream())
        .findFirst();
  }

  /** Drains and stops every role, the last first; each is stopped even where another fails. */
  @Override
  public void close() {
    PipelineException failure = new PipelineException("a role did not stop in good order", null);
    closeAfter(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void startAll(Set<Role> roles, RoleContext context) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      StageChunks chunks = new StageChunks(roles.contains(Role.HOOKS));
      Map<Role, Future<RunningRole>> starting = new java.util.EnumMap<>(Role.class);
      for (Role role : roles) {
        starting.put(role, threads.submit(() -> RoleStarter.start(role, context, chunks)));
      }
      RuntimeException first = null;
      for (var entry : starting.entrySet()) {
        try {
          running.add(entry.getValue().get());
        } catch (ExecutionException e) {
          first =
              first == null
                  ? notStarted(entry.getKey(), Objects.requireNonNullElse(e.getCause(), e))
                  : first;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          first = new PipelineException("interrupted while starting", e);
        }
      }
      if (first != null) {
        throw first;
      }
    }
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!ready()) {
      failure()
          .ifPresent(
              cause -> {
                throw notReady(String.valueOf(cause.getMessage()), cause);
              });
      if (System.nanoTime() > deadline) {
        throw notReady(waitingFor() + " not ready after " + START_TIMEOUT.toSeconds() + " s", null);
      }
      LockSupport.parkNanos(POLL_INTERVAL_NANOS);
    }
  }

  private String waitingFor() {
    return running.stream()
        .filter(role -> !role.readiness().getAsBoolean())
        .map(role -> role.role().toString())
        .toList()
        .toString();
  }

  private void closeAfter(Exception reason) {
    closing = true;
    while (!running.isEmpty()) {
      RunningRole role = running.removeLast();
      try {
        role.service().close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }

  private static PipelineException notStarted(Role role, Throwable cause) {
    return new PipelineException(
        "cannot start %s: %s"
            .formatted(role, Objects.toString(cause.getMessage(), cause.toString())),
        cause);
  }

  private static PipelineException notReady(String what, @Nullable Throwable cause) {
    return new PipelineException(what + ": see the log, or run with --verbose", cause);
  }

  private static PipelineException stopped(RunningRole role, Throwable cause) {
    return new PipelineException(
        "%s stopped: %s"
            .formatted(role.role(), Objects.toString(cause.getMessage(), cause.toString())),
        cause);
  }
}
