package io.millrace.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The process whose virtual threads sleep as long as calls take: nobody can do it with less. */
@Command(name = SleepersMain.NAME, hidden = true)
final class SleepersMain implements Callable<Integer> {

  static final String NAME = "sleepers-process";

  /** Said at the end: sleeps per second, and seconds of processor time. */
  static final String DONE = "DONE";

  @Parameters(index = "0")
  private int sleeps;

  @Parameters(index = "1")
  private int threads;

  @Parameters(index = "2")
  private long millis;

  @Override
  public Integer call() throws InterruptedException {
    AtomicInteger left = new AtomicInteger(sleeps);
    long begun = System.nanoTime();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < threads; i++) {
        executor.submit(
            () -> {
              while (left.getAndDecrement() > 0) {
                Thread.sleep(millis);
              }
              return left;
            });
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    ParentProcess.tell(DONE, sleeps / seconds + " " + cpu.toMillis() / 1e3);
    return 0;
  }
}
