package io.millrace.stages.conformance;

import io.millrace.stages.PipelineUnderTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The hook contract. Each test bears the number of the case that it holds; subclasses say what it
 * runs on.
 */
abstract class HookContract implements OrderCases, OutcomeCases, FallbackCases, WaitingCases {

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private PipelineUnderTest pipeline;

  abstract PipelineUnderTest open();

  @BeforeEach
  void openPipeline() {
    pipeline = open();
  }

  @AfterEach
  void closePipeline() {
    pipeline.close();
  }

  @Override
  public PipelineUnderTest pipeline() {
    return pipeline;
  }

  @Override
  public List<String> calls() {
    return calls;
  }
}
