package io.millrace.workers.provider;

import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.tck.HttpDialogue;
import io.millrace.plugin.tck.HttpLimits;
import io.millrace.plugin.tck.HttpStreamTck;
import java.net.URI;
import java.util.Map;

class AnthropicTckTest extends HttpStreamTck {

  private static final String REPLY =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"claude-9",
       "content":[{"type":"text","text":"Hello, world","citations":null}],
       "stop_reason":"end_turn","stop_sequence":null,
       "usage":{"input_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,
       "output_tokens":3}}\
      """;

  private static final String END = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
      "model":"claude-9","content":[],"stop_reason":null,"stop_sequence":null,\
      "usage":{"input_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,\
      "output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: ping
      data: {"type": "ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":", world"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
      "usage":{"output_tokens":3}}

      """
          + END;

  private static final String ERROR =
      """
      event: error
      data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

      """;

  @Override
  protected ProviderFactory factory() {
    return new AnthropicProviderFactory();
  }

  @Override
  protected Map<String, Object> settings(URI baseUrl, HttpLimits limits) {
    return TckSettings.of(baseUrl, limits);
  }

  @Override
  protected HttpDialogue dialogue() {
    return new HttpDialogue(REPLY, STREAM, END, ERROR, "Hello, world", new Usage(7, 3, 4, 0));
  }
}
