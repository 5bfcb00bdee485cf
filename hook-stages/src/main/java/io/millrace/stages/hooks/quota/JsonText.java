package io.millrace.stages.hooks.quota;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON, part by part, in the order of the calls. Used by one thread. */
public final class JsonText {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final StringWriter out = new StringWriter();
  private final JsonGenerator json;

  /** Empty. */
  public JsonText() {
    try {
      json = FACTORY.createGenerator(out);
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** Something that is written next. */
  private interface Part {
    void write() throws IOException;
  }

  private JsonText with(Part part) {
    try {
      part.write();
      return this;
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  private static UncheckedIOException inMemory(IOException cause) {
    return new UncheckedIOException("writing to memory failed", cause);
  }

  /** Begins an object, as a value of a list or alone. */
  public JsonText open() {
    return with(json::writeStartObject);
  }

  /** Begins a list under a name. */
  public JsonText openList(String name) {
    return with(() -> json.writeArrayFieldStart(name));
  }

  /** Ends an object. */
  public JsonText close() {
    return with(json::writeEndObject);
  }

  /** Ends a list. */
  public JsonText closeList() {
    return with(json::writeEndArray);
  }

  /** A text under a name. */
  public JsonText text(String name, String value) {
    return with(() -> json.writeStringField(name, value));
  }

  /** A number under a name. */
  public JsonText number(String name, long value) {
    return with(() -> json.writeNumberField(name, value));
  }

  /** True or false under a name. */
  public JsonText flag(String name, boolean value) {
    return with(() -> json.writeBooleanField(name, value));
  }

  /** How long it is so far, in characters. */
  public int length() {
    var unused = with(json::flush);
    return out.getBuffer().length();
  }

  @Override
  public String toString() {
    var unused = with(json::flush);
    return out.toString();
  }
}
