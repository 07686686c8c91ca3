package io.github.tornadovit.spark;

import io.github.tornadovit.testing.PublicApi;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API for Spark is the one in {@code spark/api.txt}. */
class PublicApiTest {
  @Test
  void isTheOneOfTheBaseline() throws Exception {
    String own = "io.github.tornadovit.spark";
    PublicApi.check(own, List.of(own));
  }
}
