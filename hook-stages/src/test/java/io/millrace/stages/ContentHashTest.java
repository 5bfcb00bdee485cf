package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.openai.ChatCompletions;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHashTest {

  private static final Target TARGET = new Target("one", "small");

  private static final String PLAIN =
      """
      {"model":"m","messages":[{"role":"user","content":"Hello"}]}\
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        { "messages" : [ { "content" : "Hello", "role" : "user" } ], "model" : "m" }\
        """,
        """
        {"model":"m","messages":[{"role":"user","content":"Hello"}],"temperature":1,"top_p":1.0,
         "n":1e0,"presence_penalty":0,"frequency_penalty":0.0,"logprobs":false,"stream":false}\
        """,
        """
        {"model":"m","messages":[{"role":"user","content":"Hello"}],"stream":true,
         "stream_options":{"include_usage":true}}\
        """,
        """
        {"model":"m","messages":[{"role":"user","content":"Hello"}],"user":"ann","store":true,
         "metadata":{"a":"b"},"service_tier":"flex","safety_identifier":"x",
         "prompt_cache_key":"y"}\
        """,
        """
        {"model":"m","messages":[{"role":"user","content":"Hello"}],"tools":[],"stop":[],
         "tool_choice":"none","seed":null,"logit_bias":{},"response_format":{"type":"text"}}\
        """,
        """
        {"model":"m","messages":[{"role":"user","content":"\\u0048ello"}]}\
        """,
        """
        {"model":"another/model","messages":[{"role":"user","content":"Hello"}]}\
        """,
      })
  void shouldBeTheSameWhenTheRequestAsksTheSame(String body) throws Exception {
    assertThat(hash(body)).isEqualTo(hash(PLAIN)).matches("[0-9a-f]{64}");
  }

  @Test
  void shouldDifferWhenTheAnswerMayDiffer() throws Exception {
    Set<String> hashes = new HashSet<>();
    String[] bodies = {
      PLAIN,
      "{'model':'m','messages':[{'role':'user','content':'Hello '}]}",
      "{'model':'m','messages':[{'role':'user','content':'hello'}]}",
      "{'model':'m','messages':[{'role':'user','content':'Hel\\u200blo'}]}",
      "{'model':'m','messages':[{'role':'system','content':'Hello'}]}",
      "{'model':'m','messages':[{'role':'user','content':'Hello','name':'ann'}]}",
      "{'model':'m','messages':[{'role':'user','content':'Hel'},{'role':'user','content':'lo'}]}",
      with("'temperature':0"),
      with("'temperature':0.7"),
      with("'top_p':0.5"),
      with("'max_tokens':1"),
      with("'max_completion_tokens':1"),
      with("'stop':'a'"),
      with("'stop':['a','b']"),
      with("'stop':['ab']"),
      with("'stop':['b','a']"),
      with("'seed':1"),
      with("'n':2"),
      with("'logprobs':true"),
      with("'reasoning_effort':'low'"),
      with("'response_format':{'type':'json_object'}"),
      with("'tools':[{'type':'function','function':{'name':'f'}}]"),
      with("'tools':[{'type':'function','function':{'name':'f','strict':true}}]"),
      with("'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'none'"),
      with("'tools':[{'type':'function','function':{'name':'f'}}],'parallel_tool_calls':false"),
      with("'x':1"),
      with("'x':'1'"),
      with("'x':[1]"),
      with("'x':[1,null]"),
      with("'x':{'a':1,'b':2}"),
      with("'x':{'a':1,'b':{'c':2}}"),
      with("'x':true"),
    };
    for (String body : bodies) {
      assertThat(hashes.add(hash(body.replace('\'', '"')))).as(body).isTrue();
    }
    assertThat(hashes.add(ContentHash.of(request(PLAIN), new Target("two", "small")))).isTrue();
    assertThat(hashes.add(ContentHash.of(request(PLAIN), new Target("one", "large")))).isTrue();
    assertThat(hashes.add(ContentHash.of(request(PLAIN), new Target("ones", "mall")))).isTrue();
  }

  @Test
  void shouldSeeThroughTheSpellingOfToolsAndParameters() throws Exception {
    assertThat(hash(with("'x':{'b':[1.0,2e1],'a':null}")))
        .isEqualTo(hash(with("'x' : { 'a' : null, 'b' : [ 1, 20 ] }")));
    assertThat(
            hash(
                with(
                    "'tools':[{'type':'function','function':{'name':'f','strict':false,"
                        + "'parameters':{'type':'object','maxProperties':10}}}],"
                        + "'tool_choice':'auto','parallel_tool_calls':true")))
        .isEqualTo(
            hash(
                with(
                    "'tools':[{'function':{'parameters':{'maxProperties':1e1,'type':'object'},"
                        + "'name':'f'},'type':'function'}]")));
  }

  @Test
  void shouldTakeFieldsThatAreNoJson() {
    CompletionRequest request = CompletionRequest.of("m", "Hello");
    assertThat(ContentHash.of(extra(request, "{"), TARGET))
        .isNotEqualTo(ContentHash.of(extra(request, "}"), TARGET))
        .isNotEqualTo(ContentHash.of(extra(request, "\"{\""), TARGET));
    assertThat(ContentHash.of(extra(request, "1e999999999999"), TARGET)).hasSize(64);
    assertThat(ContentHash.of(extra(request, "9".repeat(5_000)), TARGET)).hasSize(64);
    assertThat(ContentHash.of(extra(request, "[".repeat(5_000)), TARGET)).hasSize(64);
  }

  private static CompletionRequest extra(CompletionRequest request, String json) {
    return new CompletionRequest(
        request.model(),
        request.messages(),
        request.tools(),
        null,
        null,
        Double.NaN,
        null,
        null,
        request.stop(),
        null,
        false,
        java.util.Map.of("x", json));
  }

  private static String with(String parameters) {
    return ("{'model':'m','messages':[{'role':'user','content':'Hello'}]," + parameters + "}")
        .replace('\'', '"');
  }

  private static String hash(String body) throws Exception {
    return ContentHash.of(request(body), TARGET);
  }

  private static CompletionRequest request(String body) throws Exception {
    JsonNode tree = ChatCompletions.parse(body.getBytes(StandardCharsets.UTF_8));
    return ChatCompletions.readRequest(tree);
  }
}
