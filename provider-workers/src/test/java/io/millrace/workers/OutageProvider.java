package io.millrace.workers;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.util.Map;

/** Fails every call until it is back. Thread-safe. */
final class OutageProvider implements Provider, ProviderFactory {

  private volatile boolean back;

  @Override
  public String type() {
    return "outage";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return this;
  }

  @Override
  public ProviderReply complete(ProviderRequest request) {
    return back
        ? new ProviderReply.Success(
            Completion.ofText("c-1", request.model(), 0, "ok", Usage.of(1, 1)), 200)
        : ScriptedProvider.serverError();
  }

  void comeBack() {
    back = true;
  }
}
