package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is answered before any event; events themselves need a broker: {@link IngestServiceIT}. */
class EventsEndpointTest {

  private final HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void shouldSayTheSameOfAnUnknownIdAndOfAnothersRequest() throws Exception {
    http.knows(Requests.echo(Requests.exchange("other", "r")));
    HttpResponse<String> theirs = http.get("/v1/requests/r/events");
    http.known.clear();
    HttpResponse<String> unknown = http.get("/v1/requests/r/events");

    assertThat(theirs.statusCode()).isEqualTo(404);
    assertThat(theirs.body()).isEqualTo(unknown.body());
    assertThat(theirs.body()).isEqualTo(http.get("/v1/requests/r").body());
  }

  @Test
  void shouldRefuseAnIdThatNoRequestCanHave() throws Exception {
    assertThat(http.get("/v1/requests/a%20b/events").statusCode()).isEqualTo(400);
  }

  @Test
  void shouldSayWhenTheTopicsCannotBeReadAndKeepThePlace() throws Exception {
    http.knows(Requests.echo(Requests.exchange("default", "r")));
    for (int call = 0; call <= EventsSettings.defaults().maxReaders(); call++) {
      HttpResponse<String> response = http.get("/v1/requests/r/events");
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }
    assertThat(http.meters.get(IngestMeters.FOLLOWERS).tag("outcome", "failed").timer().count())
        .isEqualTo(EventsSettings.defaults().maxReaders() + 1);
  }

  @Test
  void shouldNotBeginAnewForAReaderWhoHasTheEnd() throws Exception {
    http.knows(Requests.echo(Requests.exchange("default", "r")));
    HttpResponse<String> response =
        http.get("/v1/requests/r/events", "Last-Event-ID", EventRelay.END);
    assertThat(response.statusCode()).isEqualTo(204);
  }
}
