package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelWatchTest {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<List<ModelInfo>> told = new ArrayList<>();
  private final List<@Nullable String> keysSeen = new ArrayList<>();
  private List<ModelInfo> models = List.of(ModelInfo.of("a"));
  private boolean refused;

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private ModelWatch watch(String... keys) {
    return new ModelWatch(
        "p",
        new Listing(),
        List.of(keys).stream().map(key -> new ApiKeySetting(key, key, List.of(), 1)).toList(),
        Duration.ofSeconds(5),
        this::take,
        threads,
        new FakeTime(),
        () -> 0.5);
  }

  private void take(List<ModelInfo> news) throws UnsendableException {
    if (refused) {
      throw new UnsendableException(
          UnsendableException.Reason.REJECTED, "refused", 0, new IllegalStateException());
    }
    told.add(news);
  }

  private final class Listing implements Provider {
    @Override
    public ProviderReply complete(ProviderRequest request) {
      throw new AssertionError("to ask costs nothing");
    }

    @Override
    public Optional<List<ModelInfo>> askForModels(HealthRequest request) {
      keysSeen.add(request.apiKey());
      if ("bad".equals(request.apiKey())) {
        throw new IllegalStateException("it says the key: bad");
      }
      return models.isEmpty() ? Optional.empty() : Optional.of(models);
    }
  }

  @Test
  void shouldTellWhatHasChangedOnly() throws Exception {
    ModelWatch watch = watch();
    assertThat(watch.step()).isTrue();
    assertThat(watch.step()).isTrue();
    assertThat(told).containsExactly(List.of(ModelInfo.of("a")));
    models = List.of(ModelInfo.of("a"), ModelInfo.of("b"), ModelInfo.of("b"));
    assertThat(watch.step()).isTrue();
    assertThat(told.getLast()).containsExactly(ModelInfo.of("a"), ModelInfo.of("b"));
    models = List.of();
    assertThat(watch.step()).as("no answer leaves the last one").isFalse();
    assertThat(told).hasSize(2);
  }

  @Test
  void shouldTryTheNextKeyWhenOneFails() throws Exception {
    assertThat(watch("bad", "good").step()).isTrue();
    assertThat(keysSeen).containsExactly("bad", "good");
    assertThat(watch("bad").step()).isFalse();
    assertThat(told).hasSize(1);
  }

  @Test
  void shouldTellAgainWhatCouldNotBeSent() throws Exception {
    ModelWatch watch = watch();
    refused = true;
    watch.step();
    refused = false;
    watch.step();
    assertThat(told).hasSize(1);
  }
}
