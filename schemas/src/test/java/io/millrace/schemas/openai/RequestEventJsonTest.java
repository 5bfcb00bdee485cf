package io.millrace.schemas.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestEventJsonTest {

  private static final String BODY =
      "'model':'m','messages':[{'role':'user','content':'hi'}],'n':2";

  @Test
  void shouldReadChatBodyWhenThereIsNoEnvelope() throws Exception {
    CompletionRequest request = read("{" + BODY + "}");

    assertThat(request.getRequestId()).isNull();
    assertThat(request.getTenant()).isNull();
    assertThat(request.getLane()).isEqualTo(Lane.STANDARD);
    assertThat(request.getTimeoutMillis()).isNull();
    assertThat(request.getFallbacks()).isEmpty();
    assertThat(request.getMessages()).extracting(Message::getContent).containsExactly("hi");
    assertThat(request.getExtra()).containsOnlyKeys("n");
  }

  @Test
  void shouldReadEnvelopeWhenItIsBesideChatBody() throws Exception {
    CompletionRequest request =
        read(
            "{'requestId':'r-1','tenant':'acme','lane':'batch','timeoutMillis':60000,"
                + "'fallbacks':['a/b','c/d'],"
                + BODY
                + "}");

    assertThat(request.getRequestId()).isEqualTo("r-1");
    assertThat(request.getTenant()).isEqualTo("acme");
    assertThat(request.getLane()).isEqualTo(Lane.BATCH);
    assertThat(request.getTimeoutMillis()).isEqualTo(60_000L);
    assertThat(request.getFallbacks()).containsExactly("a/b", "c/d");
    assertThat(request.getExtra()).containsOnlyKeys("n");
  }

  @Test
  void shouldWriteWhatItRead() throws Exception {
    String event =
        ("{'requestId':'r-1','tenant':'acme','lane':'interactive','timeoutMillis':5,"
                + "'fallbacks':['a/b'],"
                + BODY
                + "}")
            .replace('\'', '"');

    assertThat(RequestEventJson.write(read(event))).hasToString(event);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {'lane':'fast',$}             | lane must be interactive, standard or batch, is 'fast'
          {'lane':1,$}                  | lane must be a string, is the number 1
          {'requestId':1,$}             | requestId must be a string, is the number 1
          {'tenant':[],$}               | tenant must be a string, is an array
          {'timeoutMillis':'5s',$}      | timeoutMillis must be a whole number of 64 bits, is the string '5s'
          {'fallbacks':'a/b',$}         | fallbacks must be an array, is the string 'a/b'
          {'fallbacks':['a/b',1],$}     | fallbacks[1] must be a string, is the number 1
          {'tenant':'acme'}             | model is required
          """)
  void shouldNameFieldWhenEventIsWrong(String event, String message) {
    assertThatThrownBy(() -> read(event.replace("$", BODY)))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessage(message);
  }

  private static CompletionRequest read(String event) throws InvalidBodyException {
    return RequestEventJson.read(event.replace('\'', '"').getBytes(UTF_8));
  }
}
