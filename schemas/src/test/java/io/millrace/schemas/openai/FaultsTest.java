package io.millrace.schemas.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.plugin.model.CompletionRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault names its place, what is wrong and what would be right. */
class FaultsTest {

  private static final String SOUND = "'messages':[{'role':'user','content':'hi'}]";

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {'messages':[{'role':'user','content':'hi'}]}    | model is required
          {'model':null,$}                                 | model is required
          {'model':7,$}                                    | model must be a string, is the number 7
          {'model':' ',$}                                  | model must name a model, is blank
          {'model':'m'}                                    | messages is required
          {'model':'m','messages':[]}                      | messages must hold at least one message, is empty
          {'model':'m','messages':'hi'}                    | messages must be an array, is the string 'hi'
          {'model':'m','messages':['hi']}                  | messages[0] must be an object, is the string 'hi'
          {'model':'m','messages':[{'content':'hi'}]}      | messages[0].role is required
          {'model':'m','messages':[{'role':'foo'}]}        | messages[0].role must be one of system, developer, user, assistant, tool, is 'foo'
          {'model':'m','messages':[{'role':'user'}]}       | messages[0].content is required
          {'model':'m','messages':[{'role':'user','content':1}]}                  | messages[0].content must be a string or an array of parts, is the number 1
          {'model':'m','messages':[{'role':'user','content':['hi']}]}             | messages[0].content[0] must be an object, is the string 'hi'
          {'model':'m','messages':[{'role':'user','content':[{'text':'hi'}]}]}    | messages[0].content[0].type is required
          {'model':'m','messages':[{'role':'user','content':[{'type':'text'}]}]}  | messages[0].content[0].text is required
          {'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':'u'}]}]}  | messages[0].content[0].image_url must be an object, is the string 'u'
          {'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{}}]}]}   | messages[0].content[0].image_url.url is required
          {'model':'m','messages':[{'role':'user','content':'hi','name':{}}]}     | messages[0].name must be a string, is an object
          {'model':'m','messages':[{'role':'assistant','tool_calls':{}}]}         | messages[0].tool_calls must be an array, is an object
          {'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'c','type':'function'}]}]}  | messages[0].tool_calls[0].function is required
          {'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':{}}}]}]} | messages[0].tool_calls[0].function.arguments must be a string, is an object
          {'model':'m',$,'tools':{}}                       | tools must be an array, is an object
          {'model':'m',$,'tools':[{}]}                     | tools[0].type is required
          {'model':'m',$,'tools':[{'type':'function'}]}    | tools[0].function is required
          {'model':'m',$,'tools':[{'type':'function','function':{}}]}             | tools[0].function.name is required
          {'model':'m',$,'tools':[{'type':'function','function':{'name':'f','parameters':'p'}}]} | tools[0].function.parameters must be an object, is the string 'p'
          {'model':'m',$,'tools':[{'type':'function','function':{'name':'f','strict':1}}]}       | tools[0].function.strict must be true or false, is the number 1
          {'model':'m',$,'tool_choice':1}                  | tool_choice must be a string or an object, is the number 1
          {'model':'m',$,'response_format':'json'}         | response_format must be an object, is the string 'json'
          {'model':'m',$,'temperature':'hot'}              | temperature must be a number, is the string 'hot'
          {'model':'m',$,'temperature':1e999}              | temperature must be a number, is the number 1E+999
          {'model':'m',$,'top_p':true}                     | top_p must be a number, is true
          {'model':'m',$,'max_tokens':1.5}                 | max_tokens must be a whole number of 32 bits, is the number 1.5
          {'model':'m',$,'max_tokens':2147483648}          | max_tokens must be a whole number of 32 bits, is the number 2147483648
          {'model':'m',$,'seed':9223372036854775808}       | seed must be a whole number of 64 bits, is the number 9223372036854775808
          {'model':'m',$,'stop':1}                         | stop must be a string or an array of strings, is the number 1
          {'model':'m',$,'stop':['a',null]}                | stop[1] must be a string, is null
          {'model':'m',$,'stream':'yes'}                   | stream must be true or false, is the string 'yes'
          {'model':'m',$,'user':'\\ud800'}                 | user must be valid Unicode, has half a surrogate pair
          """)
  void shouldNameFieldWhenRequestIsWrong(String body, String message) {
    InvalidBodyException fault =
        catchThrowableOfType(InvalidBodyException.class, () -> readRequest(body));

    assertThat(fault).hasMessage(message);
    assertThat(fault.param()).isEqualTo(message.substring(0, message.indexOf(' ')));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {'error':{'message':'no'}}                         | choices is required
          {'choices':[]}                                     | choices must hold at least one choice, is empty
          {'choices':[{}]}                                   | choices[0].message is required
          {'choices':[{'message':{'content':{}}}]}           | choices[0].message.content must be a string or an array of parts, is an object
          {'choices':[{'message':{},'finish_reason':1}]}     | choices[0].finish_reason must be a string, is the number 1
          {'choices':[{'message':{}}],'usage':{'prompt_tokens':-1}}  | usage.prompt_tokens must be at least 0, is -1
          {'choices':[{'message':{}}],'usage':{'prompt_tokens_details':{'cached_tokens':'many'}}} | usage.prompt_tokens_details.cached_tokens must be a whole number of 64 bits, is the string 'many'
          {'id':1,'choices':[{'message':{}}]}                | id must be a string, is the number 1
          """)
  void shouldNameFieldWhenResponseIsWrong(String body, String message) {
    assertThatThrownBy(() -> ChatCompletions.readCompletion(ChatCompletions.parse(bytes(body))))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "{", "{} {}", "nonsense", "{'a':1,'a':2}", "[1,]"})
  void shouldRefuseBodyWhenItIsNotOneJsonValue(String body) {
    InvalidBodyException fault =
        catchThrowableOfType(InvalidBodyException.class, () -> ChatCompletions.parse(bytes(body)));

    assertThat(fault).hasMessageStartingWith("the body is");
    assertThat(fault.param()).isNull();
  }

  @Test
  void shouldRefuseBodyWhenItIsNotUtf8() {
    byte[] latin = "{\"model\":\"é\"}".getBytes(ISO_8859_1);

    assertThatThrownBy(() -> ChatCompletions.parse(latin))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void shouldRefuseBodyWhenItIsNoObject() {
    assertThatThrownBy(() -> readRequest("[]"))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessage("the body must be a JSON object, is an array");
  }

  @Test
  void shouldRefuseFieldWhenItNestsTooDeep() {
    String deep = "[".repeat(JsonText.MAX_DEPTH + 1) + "]".repeat(JsonText.MAX_DEPTH + 1);

    assertThatThrownBy(() -> readRequest("{'model':'m'," + SOUND + ",'x':" + deep + "}"))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageStartingWith("x must nest at most 200 deep");
  }

  @Test
  void shouldRefuseBodyWhenItNestsEndlessly() {
    assertThatThrownBy(() -> ChatCompletions.parse("[".repeat(100_000).getBytes(UTF_8)))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void shouldCutWhatItShowsWhenTextIsLong() {
    String role = "r".repeat(5_000);

    assertThatThrownBy(() -> readRequest("{'model':'m','messages':[{'role':'" + role + "'}]}"))
        .hasMessageEndingWith("is '" + "r".repeat(64) + "…'");
  }

  @Test
  void shouldNameFieldWhenTextThatMustHoldJsonDoesNot() {
    CompletionRequest broken = CompletionRequest.of("m", "hi").withExtra(Map.of("n", "three"));

    assertThatThrownBy(() -> ChatCompletions.checkJsonFields(broken))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageStartingWith("n must hold JSON text: Unrecognized token 'three'");
  }

  private static void readRequest(String body) throws InvalidBodyException {
    ChatCompletions.readRequest(ChatCompletions.parse(bytes(body.replace("$", SOUND))));
  }

  private static byte[] bytes(String body) {
    return body.replace('\'', '"').getBytes(UTF_8);
  }
}
