package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextGenerationRequestTest {

  @Test
  void shouldContinueASingleMessage() throws Exception {
    assertThat(
            write(
                """
                {"model":"m","messages":[{"role":"user","content":"Once upon"}],"max_tokens":9,
                 "temperature":0.5,"top_p":0.9,"seed":7,"stop":["END"],"top_k":3,"user":"u",
                 "response_format":{"type":"json_schema","json_schema":{"schema":{"a":1}}}}\
                """))
        .isEqualTo(
            json(
                """
                {"inputs":"Once upon","parameters":{"details":true,"return_full_text":false,
                 "max_new_tokens":9,"temperature":0.5,"top_p":0.9,"seed":7,"stop":["END"],
                 "top_k":3,"grammar":{"type":"json","value":{"a":1}}}}\
                """));
  }

  @Test
  void shouldTellSpeakersApart() throws Exception {
    assertThat(
            write(
                    """
                    {"model":"m","messages":[{"role":"system","content":"Be brief."},
                     {"role":"user","content":[{"type":"text","text":"Hi"}]}]}\
                    """)
                .path("inputs")
                .asText())
        .isEqualTo("System: Be brief.\n\nUser: Hi\n\nAssistant:");
  }

  @Test
  void shouldRefuseWhatIsNotText() {
    for (String bad :
        List.of(
            "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"u\"}}]}]",
            "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{\"type\":"
                + "\"function\",\"function\":{\"name\":\"f\"}}]",
            "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"n\":2",
            "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"response_format\":{\"type\":"
                + "\"json_object\"}")) {
      assertThatThrownBy(() -> write("{\"model\":\"m\"," + bad + "}"))
          .as(bad)
          .isInstanceOf(UnmappableRequestException.class);
    }
  }

  private static JsonNode write(String request) throws Exception {
    return json(TextGenerationRequest.write(ChatCompletions.readRequest(json(request))).toString());
  }

  private static JsonNode json(String text) throws InvalidBodyException {
    return ChatCompletions.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
