package io.millrace.engine.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelSource.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of the BERT family: words are cut into the longest pieces that the vocabulary has,
 * from the left. Reads the {@code tokenizer.json} of Hugging Face. Names of special tokens in a
 * text, such as {@code [SEP]}, are text. Immutable and thread-safe.
 */
final class WordPiece {

  private static final String TYPE = "WordPiece";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final BertText text;
  private final Map<String, Integer> vocabulary;
  private final String prefix;
  private final int maxWordCharacters;
  private final int unknown;
  private final int start;
  private final int end;

  private WordPiece(JsonNode file) throws ModelException {
    JsonNode model = file.path("model");
    JsonNode normalizer = file.path("normalizer");
    boolean lowercase = normalizer.path("lowercase").asBoolean(true);
    text =
        new BertText(
            lowercase,
            normalizer.path("strip_accents").asBoolean(lowercase),
            normalizer.path("handle_chinese_chars").asBoolean(true));
    vocabulary = new HashMap<>(model.path("vocab").size() * 2);
    for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
      vocabulary.put(entry.getKey(), entry.getValue().asInt());
    }
    prefix = model.path("continuing_subword_prefix").asText("##");
    maxWordCharacters = model.path("max_input_chars_per_word").asInt(100);
    unknown = special(model.path("unk_token").asText("[UNK]"));
    start = special("[CLS]");
    end = special("[SEP]");
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws ModelException when it is none, or one of another kind
   */
  static WordPiece read(@Nullable Data data) throws ModelException {
    JsonNode file;
    try {
      file =
          switch (data) {
            case null -> throw new ModelException("the model has no tokenizer");
            case Data.OnDisk(var path) -> MAPPER.readTree(Files.readAllBytes(path));
            case Data.InMemory(byte[] bytes) -> MAPPER.readTree(bytes);
          };
    } catch (IOException e) {
      throw new ModelException("tokenizer.json cannot be read: " + e.getMessage(), e);
    }
    String type = file.path("model").path("type").asText("none");
    if (!type.equals(TYPE)) {
      throw new ModelException(
          "tokenizer.json has a model of type %s; this engine has %s, as models of the BERT family do"
              .formatted(type, TYPE));
    }
    return new WordPiece(file);
  }

  /**
   * The tokens of a text between the marks of its beginning and its end.
   *
   * @param max the most tokens, marks included; the rest of the text is left out
   */
  long[] tokens(String input, int max) {
    long[] tokens = new long[max];
    int count = 0;
    tokens[count++] = start;
    List<String> words = text.words(input, max);
    for (int i = 0; i < words.size() && count < max - 1; i++) {
      count = add(words.get(i), tokens, count);
    }
    tokens[count++] = end;
    return Arrays.copyOf(tokens, count);
  }

  private int add(String word, long[] tokens, int from) {
    int most = tokens.length - 1;
    if (word.codePointCount(0, word.length()) > maxWordCharacters) {
      tokens[from] = unknown;
      return from + 1;
    }
    int count = from;
    int begin = 0;
    while (begin < word.length()) {
      int stop = word.length();
      Integer piece = piece(word, begin, stop);
      while (piece == null && stop > begin + 1) {
        stop--;
        piece = piece(word, begin, stop);
      }
      if (piece == null) {
        tokens[from] = unknown;
        return from + 1;
      }
      if (count < most) {
        tokens[count++] = piece;
      }
      begin = stop;
    }
    return count;
  }

  private @Nullable Integer piece(String word, int begin, int stop) {
    String piece = word.substring(begin, stop);
    return vocabulary.get(begin == 0 ? piece : prefix + piece);
  }

  private int special(String token) throws ModelException {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new ModelException("tokenizer.json has no token " + token);
    }
    return id;
  }
}
