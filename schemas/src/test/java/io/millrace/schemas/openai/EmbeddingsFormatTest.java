package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsFormatTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'m','input':['one','two'],'dimensions':256,'encoding_format':'base64','user':'u'}",
        "{'model':'m','input':[[1,2,2147483647],[3]]}",
        "{'model':'m','input':['x'],'truncate':'END'}"
      })
  void shouldLoseNothing(String body) throws Exception {
    CompletionRequest request = ChatCompletions.readEmbeddings(json(body));

    assertThat(request.kind()).isEqualTo(RequestKind.EMBEDDINGS);
    assertThat(ChatCompletions.writeRequest(request)).isEqualTo(json(body));
    var avro = AvroModel.toAvro(request, RequestEventJson.read(json(body)));
    assertThat(AvroModel.toModel(avro)).isEqualTo(request);
  }

  @Test
  void shouldTakeOneInputForAListOfOne() throws Exception {
    assertThat(Embeddings.texts(read("{'model':'m','input':'one'}"))).containsExactly("one");
    assertThat(ChatCompletions.writeRequest(read("{'model':'m','input':[1,2]}")))
        .isEqualTo(json("{'model':'m','input':[[1,2]]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m'} | input is required",
        "{'model':'m','input':[]} | input must have 1 to 2048 inputs, has 0",
        "{'model':'m','input':''} | input must not be an empty string",
        "{'model':'m','input':7} | input must be a string, an array of strings, an array of tokens,"
            + " or an array of arrays of tokens, is the number 7",
        "{'model':'m','input':['a',7]} | input[1] must be a string, is the number 7",
        "{'model':'m','input':[[1],'a']} | input[1] must be like the first, is the string 'a'",
        "{'model':'m','input':[[]]} | input[0] must have at least one token, is empty",
        "{'model':'m','input':[1.5]} | input must be an array of tokens, whole numbers from 0, is"
            + " the number 1.5",
        "{'model':'m','input':[-1]} | input must be an array of tokens, whole numbers from 0, is"
            + " the number -1",
        "{'model':' ','input':'a'} | model must name a model, is blank",
        "{'model':'m','input':'a','encoding_format':'hex'} | encoding_format must be float or"
            + " base64, is the string 'hex'",
      })
  void shouldSayWhatIsWrong(String body, String message) {
    assertThatThrownBy(() -> ChatCompletions.readEmbeddings(json(body)))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessage(message);
  }

  @Test
  void shouldRefuseMoreInputsThanTheBound() {
    String many = "'x',".repeat(2_048) + "'x'";
    assertThatThrownBy(() -> read("{'model':'m','input':[" + many + "]}"))
        .hasMessage("input must have 1 to 2048 inputs, has 2049");
  }

  @Test
  void shouldWriteVectorsAsNumbersOrInBase64() throws Exception {
    Completion answer =
        Embeddings.completion(
            "id", "m", 7, List.of(new float[] {1, -0.1f}, new float[] {3}), Usage.of(4, 0));

    assertThat(ChatCompletions.writeCompletion(answer).toString())
        .isEqualTo(
            json("""
            {'object':'list','data':[
             {'object':'embedding','index':0,'embedding':[1.0,-0.1]},
             {'object':'embedding','index':1,'embedding':[3.0]}],
             'model':'m','usage':{'prompt_tokens':4,'total_tokens':4}}
            """)
                .toString());
    assertThat(ChatCompletions.writeCompletion(answer, true).at("/data/1/embedding").asText())
        .isEqualTo(Embeddings.encoded(new float[] {3}));
    assertThat(ChatCompletions.readVectors(ChatCompletions.writeCompletion(answer)).choices())
        .isEqualTo(answer.choices());
    assertThat(ChatCompletions.wantsBase64(Map.of("encoding_format", "\"base64\""))).isTrue();
    assertThat(ChatCompletions.wantsBase64(Map.of("encoding_format", "\"float\""))).isFalse();
  }

  @Test
  void shouldKeepVectorsInAvro() {
    Completion answer =
        Embeddings.completion("id", "m", 7, List.of(new float[] {1, 2}), Usage.of(4, 0));

    assertThat(AvroModel.toModel(AvroModel.toAvro(answer))).isEqualTo(answer);
  }

  @Test
  void shouldReadAnEventWithAnInputAsEmbeddings() throws Exception {
    var event =
        RequestEventJson.read(
            json("{'model':'m','input':['a'],'tenant':'acme','lane':'batch','user':'u'}"));

    assertThat(event.getKind()).isEqualTo(io.millrace.schemas.avro.RequestKind.EMBEDDINGS);
    assertThat(event.getLane()).isEqualTo(Lane.BATCH);
    assertThat(AvroModel.toModel(event).messages()).containsExactly(Message.user("a"));
    assertThat(RequestEventJson.write(event).path("input")).isEqualTo(json("['a']"));
    assertThatThrownBy(() -> RequestEventJson.read(json("{'model':'m'}")))
        .hasMessage("messages is required");
  }

  private static CompletionRequest read(String body) throws InvalidBodyException {
    return ChatCompletions.readEmbeddings(json(body));
  }

  private static JsonNode json(String text) throws InvalidBodyException {
    return ChatCompletions.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
