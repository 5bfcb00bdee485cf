package io.millrace.stages.conformance;

import io.millrace.stages.DriverPipeline;
import io.millrace.stages.PipelineUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The hook contract on Kafka's test driver. */
class DriverHookContractTest extends HookContract {

  @TempDir Path stateDir;

  @Override
  PipelineUnderTest open() {
    return new DriverPipeline(stateDir);
  }
}
