package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicRequestTest {

  @Test
  void shouldPutTheSystemApartAndDemandALength() throws Exception {
    assertThat(
            write(
                """
                {"model":"x","messages":[{"role":"system","content":"Be brief."},
                 {"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},
                 {"role":"user","content":"Bye"}]}\
                """))
        .isEqualTo(
            json(
                """
                {"model":"claude-9","max_tokens":4096,"system":"Be brief.","messages":[
                 {"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},
                 {"role":"user","content":"Bye"}]}\
                """));
  }

  @Test
  void shouldMapEveryParameter() throws Exception {
    JsonNode body =
        write(
            """
            {"model":"x","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":9,
             "temperature":0.5,"top_p":0.9,"stop":["a","b"],"seed":7,"top_k":3,
             "thinking":{"type":"adaptive"},"user":"u-1","reasoning_effort":"minimal",
             "service_tier":"flex","metadata":{"note":"mine"},"stream":true,
             "response_format":{"type":"json_schema","json_schema":{"name":"s",
             "schema":{"type":"object"}}}}\
            """);
    assertThat(body)
        .isEqualTo(
            json(
                """
                {"model":"claude-9","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],
                 "temperature":0.5,"top_p":0.9,"stop_sequences":["a","b"],"top_k":3,
                 "thinking":{"type":"adaptive"},"metadata":{"user_id":"u-1"},
                 "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}},
                 "effort":"low"}}\
                """));
  }

  @Test
  void shouldMapToolsAndTheirResults() throws Exception {
    JsonNode body =
        write(
            """
            {"model":"x","parallel_tool_calls":false,"tool_choice":"required",
             "tools":[{"type":"function","function":{"name":"find","description":"d",
              "parameters":{"type":"object"},"strict":true}},
              {"type":"function","function":{"name":"none"},"cache_control":{"type":"ephemeral"}},
              {"type":"web_search_20250305","name":"web_search"}],
             "messages":[{"role":"user","content":"Hi"},
              {"role":"assistant","content":null,"thinking_blocks":[{"type":"thinking",
               "thinking":"hm","signature":"s"}],"tool_calls":[
               {"id":"t1","type":"function","function":{"name":"find","arguments":"{\\"q\\":1}"}},
               {"id":"t2","type":"function","function":{"name":"find","arguments":""}}]},
              {"role":"tool","tool_call_id":"t1","content":"one"},
              {"role":"tool","tool_call_id":"t2","content":[{"type":"text","text":"two"}]},
              {"role":"user","content":"And?"}]}\
            """);
    assertThat(body.path("tools"))
        .isEqualTo(
            json(
                """
                [{"name":"find","description":"d","input_schema":{"type":"object"},"strict":true},
                 {"name":"none","input_schema":{"type":"object","properties":{}},
                  "cache_control":{"type":"ephemeral"}},
                 {"type":"web_search_20250305","name":"web_search"}]\
                """));
    assertThat(body.path("tool_choice"))
        .isEqualTo(json("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"));
    assertThat(body.path("messages"))
        .isEqualTo(
            json(
                """
                [{"role":"user","content":"Hi"},
                 {"role":"assistant","content":[
                  {"type":"thinking","thinking":"hm","signature":"s"},
                  {"type":"tool_use","id":"t1","name":"find","input":{"q":1}},
                  {"type":"tool_use","id":"t2","name":"find","input":{}}]},
                 {"role":"user","content":[
                  {"type":"tool_result","tool_use_id":"t1","content":"one"},
                  {"type":"tool_result","tool_use_id":"t2",
                   "content":[{"type":"text","text":"two"}]},
                  {"type":"text","text":"And?"}]}]\
                """));
  }

  @Test
  void shouldMapImagesAndFiles() throws Exception {
    JsonNode body =
        write(
            """
            {"model":"x","messages":[{"role":"user","content":[
              {"type":"text","text":"What is this?"},{"type":"text","text":""},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},
              {"type":"image_url","image_url":{"url":"https://h/i.png"},
               "cache_control":{"type":"ephemeral"}},
              {"type":"file","file":{"filename":"f.pdf",
               "file_data":"data:application/pdf;base64,QUJD"}},
              {"type":"document","source":{"type":"text","data":"d"}}]}]}\
            """);
    assertThat(body.at("/messages/0/content"))
        .isEqualTo(
            json(
                """
                [{"type":"text","text":"What is this?"},
                 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},
                 {"type":"image","source":{"type":"url","url":"https://h/i.png"},
                  "cache_control":{"type":"ephemeral"}},
                 {"type":"document","source":{"type":"base64","media_type":"application/pdf",
                  "data":"QUJD"},"title":"f.pdf"},
                 {"type":"document","source":{"type":"text","data":"d"}}]\
                """));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "`\"auto\"`|`{\"type\":\"auto\"}`",
        "`\"none\"`|`{\"type\":\"none\"}`",
        "`{\"type\":\"function\",\"function\":{\"name\":\"f\"}}`|`{\"type\":\"tool\",\"name\":\"f\"}`",
        "`{\"type\":\"any\"}`|`{\"type\":\"any\"}`"
      })
  void shouldMapEveryToolChoice(String choice, String expected) throws Exception {
    assertThat(
            write(
                    "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],"
                        + "\"tool_choice\":"
                        + choice
                        + "}")
                .path("tool_choice"))
        .isEqualTo(json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "`\"n\":2`|n must be 1",
        "`\"logprobs\":true`|leave logprobs out",
        "`\"response_format\":{\"type\":\"json_object\"}`|must be text or json_schema",
        "`\"tool_choice\":{\"type\":\"allowed_tools\"}`|tool_choice must be",
      })
  void shouldRefuseWhatCannotBeMapped(String field, String message) {
    assertThatThrownBy(
            () ->
                write(
                    "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],"
                        + field
                        + "}"))
        .isInstanceOf(UnmappableRequestException.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldRefuseArgumentsThatAreNoObject() {
    for (String arguments : new String[] {"[1]", "{", "3"}) {
      assertThatThrownBy(
              () ->
                  write(
                      """
                      {"model":"x","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"t1",
                      "type":"function","function":{"name":"f","arguments":"%s"}}]}]}\
                      """
                          .formatted(arguments)))
          .isInstanceOf(UnmappableRequestException.class)
          .hasMessageContaining("tool call t1");
    }
  }

  private static JsonNode write(String request) throws Exception {
    return json(
        AnthropicRequest.write(ChatCompletions.readRequest(json(request)), "claude-9", 4_096)
            .toString());
  }

  private static JsonNode json(String text) throws InvalidBodyException {
    return ChatCompletions.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
