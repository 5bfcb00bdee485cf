package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The events of one request as a caller reads them, from when it is opened. */
final class FollowedEvents {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Seen END = new Seen("", "", JSON.nullNode());

  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

  /** One event. */
  record Seen(String name, String id, JsonNode data) {

    /** What of: its type, or its status. */
    String what() {
      return name + " " + data.path("type").asText(data.path("status").asText());
    }
  }

  /** Opens them; the call must succeed. */
  static FollowedEvents open(HttpClient client, URI uri, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var response = client.send(request.build(), BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        throw new AssertionError("status " + response.statusCode());
      }
      FollowedEvents events = new FollowedEvents();
      Thread.ofVirtual().start(() -> events.read(response.body().iterator()::forEachRemaining));
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Lines {
    void each(java.util.function.Consumer<String> line);
  }

  private void read(Lines lines) {
    String[] fields = {"", ""};
    lines.each(
        line -> {
          if (line.startsWith("id: ")) {
            fields[0] = line.substring(4);
          } else if (line.startsWith("event: ")) {
            fields[1] = line.substring(7);
          } else if (line.startsWith("data: ")) {
            seen.add(new Seen(fields[1], fields[0], json(line.substring(6))));
            fields[0] = "";
          }
        });
    seen.add(END);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next event. */
  Seen next() {
    try {
      Seen next = seen.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came for 30 s");
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All that come until the end. */
  List<Seen> rest() {
    List<Seen> rest = new ArrayList<>();
    for (Seen next = next(); next != END; next = next()) {
      rest.add(next);
    }
    return rest;
  }
}
