package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FollowersTest {

  @Test
  void shouldNotLetOneTenantTakeAllPlaces() {
    Followers followers = new Followers(3, 2);
    assertThat(followers.enter("a")).isEmpty();
    assertThat(followers.enter("a")).isEmpty();
    assertThat(followers.enter("a"))
        .hasValueSatisfying(
            error -> {
              assertThat(error.httpStatus()).isEqualTo(429);
              assertThat(error.retryAfter()).isNotNull();
              assertThat(error.message()).startsWith("2 callers of this tenant follow");
            });
    assertThat(followers.enter("b")).isEmpty();
    assertThat(followers.enter("c"))
        .hasValueSatisfying(error -> assertThat(error.message()).startsWith("3 callers follow"));
    followers.leave("a");
    assertThat(followers.enter("c")).isEmpty();
    followers.leave("a");
    followers.leave("b");
    followers.leave("c");
    assertThat(followers.enter("a")).isEmpty();
    assertThat(followers.enter("a")).isEmpty();
  }
}
